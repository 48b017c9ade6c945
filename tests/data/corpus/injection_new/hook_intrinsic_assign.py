# Tries: manim's hook bound by assignment
from manim import *
def f():
    print('RAN' + 'MARK')

class M(VMobject):
    _add_intrinsic_animation_overrides = f


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
