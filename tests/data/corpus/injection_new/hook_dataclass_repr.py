# Tries: the docstring of a dataclass holds the repr of its defaults
from manim import *
from dataclasses import dataclass
from enum import Enum

class K(str, Enum):
    A = "a"

    def __repr__(self):
        print('RAN' + 'MARK')
        return "a"

@dataclass
class E:
    a: str = K.A


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
