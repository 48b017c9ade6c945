# Tries: a function named interpolate_color, called at module level
from manim import *
def interpolate_color(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = interpolate_color(RED, BLUE, 0.5)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
