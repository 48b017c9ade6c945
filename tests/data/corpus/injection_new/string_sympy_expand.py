# Tries: sympy.expand of text as a constant
from manim import *
import sympy

X = sympy.expand("print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
