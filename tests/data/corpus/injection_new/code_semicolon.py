# Tries: statements behind a semicolon
from manim import *
X = 1; Y = 2; print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
