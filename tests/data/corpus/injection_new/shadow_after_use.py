# Tries: the same name used rightly first, bound, used again
from manim import *
A = max(1, 2)

def max(*a):
    print('RAN' + 'MARK')
    return 1

B = max(1, 2)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
