# Tries: a subscript of the scene's class
from manim import *
class C:
    def __class_getitem__(cls, k):
        print('RAN' + 'MARK')

    def __getitem__(self, k):
        print('RAN' + 'MARK')

X = C[1]


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
