# Tries: namedtuple(member): replace() is sympy's solve
from manim import *
from collections import namedtuple
from enum import Enum
from sympy import solve

class K(str, Enum):
    A = "[print('RAN' + 'MARK'), x][1]"
    replace = solve
    split = solve

P = namedtuple("P", K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
