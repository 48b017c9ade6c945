# Tries: unhashable values are compared by the scene's __eq__
from manim import *
from dataclasses import dataclass
from enum import Enum

class V:
    def __eq__(self, o):
        print('RAN' + 'MARK')
        return False
    __hash__ = None

class K(Enum):
    A = [V]
    B = [V]


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
