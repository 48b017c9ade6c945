# Tries: __str__ of an enumeration bound by an import, to a function that evaluates text
from manim import *
from enum import Enum

class K(str, Enum):
    from sympy import expand as __str__
    A = "print('RAN' + 'MARK')"

D = dict(K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
