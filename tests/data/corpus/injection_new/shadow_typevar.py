# Tries: a function named TypeVar, called at module level
from manim import *
def TypeVar(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = TypeVar('T')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
