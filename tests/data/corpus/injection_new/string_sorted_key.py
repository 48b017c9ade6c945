# Tries: sorted, max, reduce with a key of the scene's
from manim import *
from functools import reduce

def f(*a):
    print('RAN' + 'MARK')
    return 1

X = sorted([1, 2], key=f)
Y = max([1, 2], key=f)
Z = reduce(f, [1, 2])


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
