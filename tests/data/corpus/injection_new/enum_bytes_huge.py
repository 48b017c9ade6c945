# Tries: bytes(n) as member of a bytes enumeration takes the memory
from manim import *
from enum import Enum

class K(bytes, Enum):
    A = 999999999


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
