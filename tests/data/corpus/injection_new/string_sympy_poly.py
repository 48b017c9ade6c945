# Tries: sympy.Poly of text as a constant
from manim import *
import sympy

X = sympy.Poly("print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
