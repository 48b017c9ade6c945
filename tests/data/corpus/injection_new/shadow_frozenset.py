# Tries: a function named frozenset, called at module level
from manim import *
def frozenset(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = frozenset([1])


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
