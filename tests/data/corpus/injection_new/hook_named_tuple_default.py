# Tries: a NamedTuple whose attribute asks for __set_name__
from manim import *
from typing import NamedTuple

class D:
    def __set_name__(self, a, b):
        print('RAN' + 'MARK')

class P(NamedTuple):
    x: int = 1
    y = D


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
