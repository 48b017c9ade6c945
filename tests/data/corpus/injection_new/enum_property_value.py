# Tries: value as property of the scene
from manim import *
from enum import Enum

class K(Enum):
    A = 1

    @property
    def value(self):
        print('RAN' + 'MARK')
        return 1

V = K.A.value
W = f"{K.A.value}"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
