# Tries: values nested deeper than allowed
from manim import *
X = 2 * [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
