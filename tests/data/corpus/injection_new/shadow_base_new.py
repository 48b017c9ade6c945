# Tries: NamedTuple bound to the scene's class with __new__
from manim import *
class NamedTuple:
    def __new__(cls, *a):
        print('RAN' + 'MARK')

class E(NamedTuple):
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
