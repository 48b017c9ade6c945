# Tries: definitions over continued lines
from manim import *
def \
    range(n): \
    print('RAN' + 'MARK'); return []

X = list(range(3)); Y = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
