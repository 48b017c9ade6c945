# Tries: __isabstractmethod__ by an import in an enumeration
from manim import *
from abc import ABC
from enum import Enum

class K(Enum):
    from numpy.random import seed as __isabstractmethod__
    A = 1

class Z(ABC):
    a = K.A


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
