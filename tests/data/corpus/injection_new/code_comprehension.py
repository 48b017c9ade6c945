# Tries: a comprehension and a generator
from manim import *
X = [print('RAN' + 'MARK') for _ in (1,)]
Y = list(print('RAN' + 'MARK') for _ in (1,))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
