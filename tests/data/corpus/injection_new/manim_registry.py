# Tries: a class that registers itself by being made
from manim import *
class M(VMobject):
    pass

class A(Animation):
    pass

class C(MovingCamera):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
