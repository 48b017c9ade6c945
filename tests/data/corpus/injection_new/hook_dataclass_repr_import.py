# Tries: the same with a library's function as __repr__, by an import
from manim import *
from dataclasses import dataclass
from enum import Enum

class K(str, Enum):
    from sympy import expand as __repr__
    A = "print('RAN' + 'MARK')"

@dataclass
class E:
    a: str = K.A


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
