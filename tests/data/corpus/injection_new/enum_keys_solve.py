# Tries: dict(member): keys() is sympy's solve, which evaluates the member's text
from manim import *
from enum import Enum
from sympy import solve

class K(str, Enum):
    A = "[print('RAN' + 'MARK'), x][1]"
    keys = solve

D = dict(K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
