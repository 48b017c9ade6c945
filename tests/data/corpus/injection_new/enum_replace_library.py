# Tries: namedtuple(member): replace() is a function that evaluates text
from manim import *
from collections import namedtuple
from enum import Enum
from sympy import expand

class K(str, Enum):
    A = "print('RAN' + 'MARK')"
    replace = expand

P = namedtuple("P", K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
