# Tries: override_animation of something that asks the scene for its hash
from manim import *
from enum import Enum

class K(Enum):
    A = 1

    def __hash__(self):
        print('RAN' + 'MARK')
        return 1

class M(Mobject):
    @override_animation(K.A)
    def f(self):
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
