# Tries: a function named rgb_to_color, called at module level
from manim import *
def rgb_to_color(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = rgb_to_color([1, 0, 0])


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
