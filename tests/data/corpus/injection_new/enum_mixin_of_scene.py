# Tries: a mixin whose constructor is the scene's
from manim import *
from enum import Enum

class Mixin(str):
    def __new__(cls, *a):
        print('RAN' + 'MARK')
        return str.__new__(cls)

class K(Mixin, Enum):
    A = "x"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
