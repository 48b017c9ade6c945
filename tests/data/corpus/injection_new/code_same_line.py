# Tries: two functions of one name in one line
from manim import *
f = lambda: print('RAN' + 'MARK'); f = lambda: 1; X = f()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
