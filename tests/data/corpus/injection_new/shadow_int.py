# Tries: a function named int, called at module level
from manim import *
def int(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = int('3')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
