# Tries: a library's function as print for a later call
from manim import *
from sympy import expand as float
X = float("print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
