# Tries: dict(member): keys() is a function that evaluates text
from manim import *
from enum import Enum
from sympy import expand

class K(str, Enum):
    A = "print('RAN' + 'MARK')"
    keys = expand

D = dict(K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
