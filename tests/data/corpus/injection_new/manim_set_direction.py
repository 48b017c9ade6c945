# Tries: RIGHT is changed in place
from manim import *
RIGHT[0] = 5
UP[:] = 3


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
