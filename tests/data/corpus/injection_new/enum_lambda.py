# Tries: a lambda as member's constructor
from manim import *
from enum import Enum

class K(Enum):
    A = (lambda: print('RAN' + 'MARK'))
    __call__ = lambda self: print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
