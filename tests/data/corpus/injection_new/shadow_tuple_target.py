# Tries: an allowed name bound in a tuple target
from manim import *
def f(*a):
    print('RAN' + 'MARK')
    return []

range, other = f, 1
X = list(range(3))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
