# Tries: a function named sum, called at module level
from manim import *
def sum(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = sum([1])


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
