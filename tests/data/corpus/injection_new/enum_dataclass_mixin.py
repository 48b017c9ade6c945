# Tries: a dataclass as mixin with __post_init__
from manim import *
from dataclasses import dataclass
from enum import Enum

@dataclass
class D:
    a: int

    def __post_init__(self):
        print('RAN' + 'MARK')

class K(D, Enum):
    A = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
