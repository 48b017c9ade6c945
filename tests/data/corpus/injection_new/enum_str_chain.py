# Tries: StrEnum of values whose text is asked
from manim import *
from enum import Enum, StrEnum

class Own(str, Enum):
    A = "x"

    def __str__(self):
        print('RAN' + 'MARK')
        return "x"

    def encode(self, *a):
        print('RAN' + 'MARK')

class K(StrEnum):
    A = Own.A


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
