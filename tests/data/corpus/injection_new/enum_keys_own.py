# Tries: dict(member): keys() is the scene's
from manim import *
from enum import Enum

class K(str, Enum):
    A = "a"

    def keys(self):
        print('RAN' + 'MARK')
        return []

D = dict(K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
