# Tries: a member whose value is another enumeration's, made again
from manim import *
from enum import Enum

class Shade(str, Enum):
    A = "x"

    def __str__(self):
        print('RAN' + 'MARK')
        return "y"

class K(str, Enum):
    B = Shade.A


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
