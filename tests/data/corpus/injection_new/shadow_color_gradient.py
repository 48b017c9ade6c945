# Tries: a function named color_gradient, called at module level
from manim import *
def color_gradient(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = color_gradient([RED, BLUE], 3)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
