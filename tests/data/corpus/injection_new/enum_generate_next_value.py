# Tries: _generate_next_value_ of an enumeration
from manim import *
from enum import Enum

class K(Enum):
    def _generate_next_value_(self, *a):
        print('RAN' + 'MARK')
        return object.__new__(self)

    A = 1
    B = [2]


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
