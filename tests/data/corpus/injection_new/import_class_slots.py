# Tries: an import as __slots__, __doc__ and __hash__
from manim import *
class M(Mobject):
    from string import ascii_letters as __slots__
    from math import pi as __doc__
    from sympy import expand as __hash__


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
