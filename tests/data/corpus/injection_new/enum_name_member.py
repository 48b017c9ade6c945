# Tries: a computed constant asks a member for a method of the scene
from manim import *
from enum import Enum

class K(Enum):
    A = 1

    def __add__(self, o):
        print('RAN' + 'MARK')
        return 1

V = K.A + 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
