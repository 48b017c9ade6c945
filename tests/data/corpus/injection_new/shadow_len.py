# Tries: a function named len, called at module level
from manim import *
def len(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = len('abc')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
