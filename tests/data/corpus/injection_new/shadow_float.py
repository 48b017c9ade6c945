# Tries: a function named float, called at module level
from manim import *
def float(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = float('3')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
