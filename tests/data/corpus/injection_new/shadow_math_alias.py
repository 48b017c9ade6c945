# Tries: math bound to an enumeration with a function of its own
from manim import *
from enum import Enum

class math(Enum):
    pi = 3

    def sqrt(x):
        print('RAN' + 'MARK')

X = math.sqrt(2)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
