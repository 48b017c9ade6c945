# Tries: numbers that JSON does not have
from manim import *
X = float('nan')
Y = [float('inf'), -float('inf')]
Z = ManimColor('#ff0000') if X == X else RED


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
