# Tries: a library's function as an allowed factory
from manim import *
from sympy import expand as dict
X = dict("print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
