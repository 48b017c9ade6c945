# Tries: a memberless enumeration with _missing_ as base
from manim import *
from enum import Enum

class Base(Enum):
    @classmethod
    def _missing_(cls, v):
        print('RAN' + 'MARK')

class K(Base):
    A = [1]
    B = [1]


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
