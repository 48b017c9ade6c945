# Tries: __init__ bound by a whole module
from manim import *
from enum import Enum

class K(Enum):
    import math as __init__
    A = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
