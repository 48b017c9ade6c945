# Tries: an enumeration member that answers __isabstractmethod__
from manim import *
from abc import ABC
from enum import Enum

class K(Enum):
    A = 1

    @property
    def __isabstractmethod__(self):
        print('RAN' + 'MARK')

class Z(ABC):
    a = K.A


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
