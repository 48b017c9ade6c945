# Tries: manim's hook bound by an import with alias
from manim import *
class M(VMobject):
    from numpy.random import seed as _add_intrinsic_animation_overrides


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
