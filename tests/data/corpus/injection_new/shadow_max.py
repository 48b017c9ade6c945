# Tries: a function named max, called at module level
from manim import *
def max(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = max(1, 2)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
