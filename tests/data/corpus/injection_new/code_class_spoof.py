# Tries: __class__ says it is a module or a type
from manim import *
class A:
    @property
    def __class__(self):
        print('RAN' + 'MARK')
        return type

    pi = 3

X = A.pi


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
