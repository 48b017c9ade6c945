# Tries: a function named dict, called at module level
from manim import *
def dict(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = dict(a=1)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
