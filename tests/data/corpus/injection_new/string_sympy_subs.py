# Tries: subs of text, in an operator of a constant
from manim import *
import sympy

X = sympy.Symbol("x")
Y = X + "print('RAN' + 'MARK')"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
