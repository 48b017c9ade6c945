# Tries: total_ordering as function on a class of manim's
from manim import *
from functools import total_ordering

Z = total_ordering(Circle)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
