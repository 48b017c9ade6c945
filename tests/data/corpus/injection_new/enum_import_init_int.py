# Tries: __init__ by an import: prints a table, takes a seed
from manim import *
from enum import Enum

class K(int, Enum):
    from numpy.random import seed as __init__
    A = 7


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
