# Tries: unpacking of a range without an end takes the memory
from manim import *
R = range(1000000000)
A, B = R


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
