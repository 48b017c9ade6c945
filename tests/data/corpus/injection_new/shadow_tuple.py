# Tries: a function named tuple, called at module level
from manim import *
def tuple(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = tuple([1])


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
