# Tries: a function named round, called at module level
from manim import *
def round(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = round(1.5)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
