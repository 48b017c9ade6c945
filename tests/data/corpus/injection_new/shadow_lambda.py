# Tries: a lambda bound to an allowed name
from manim import *
range = lambda *a: print('RAN' + 'MARK')
X = list(range(3))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
