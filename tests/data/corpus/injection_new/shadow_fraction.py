# Tries: a function named Fraction, called at module level
from manim import *
def Fraction(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = Fraction(1, 2)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
