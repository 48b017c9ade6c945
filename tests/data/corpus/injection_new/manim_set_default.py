# Tries: set_default of a class
from manim import *
X = Circle.set_default(color=RED)
class C(Circle):
    X = Circle.set_default(radius=2)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
