# Tries: unpacking asks an object of the scene for its items
from manim import *
class It:
    def __iter__(self):
        print('RAN' + 'MARK')
        return iter((1, 2))

A, B = It
C, D = It()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
