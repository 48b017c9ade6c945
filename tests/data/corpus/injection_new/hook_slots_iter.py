# Tries: __slots__ is an enumeration whose class is walked
from manim import *
from enum import Enum

class K(str, Enum):
    A = "a"

    def __iter__(self):
        print('RAN' + 'MARK')

    def isidentifier(self):
        print('RAN' + 'MARK')
        return True

class Z:
    __slots__ = (K.A,)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
