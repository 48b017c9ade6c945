# Tries: Generic[...] of something with __typing_subst__
from manim import *
from enum import Enum
from typing import Generic

class K(Enum):
    A = 1

    def __typing_subst__(self, x):
        print('RAN' + 'MARK')

class G(Generic[K.A]):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
