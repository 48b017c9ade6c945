# Tries: a Flag whose members are combined by operators of the scene
from manim import *
from enum import Flag

class K(Flag):
    A = 1
    B = 2
    C = 3

    def __or__(self, o):
        print('RAN' + 'MARK')
        return self

D = K.A | K.B


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
