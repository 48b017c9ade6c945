# Tries: a function named abs, called at module level
from manim import *
def abs(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = abs(-1)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
