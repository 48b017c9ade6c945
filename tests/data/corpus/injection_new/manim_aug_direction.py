# Tries: RIGHT += 1
from manim import *
RIGHT += 1
np.random.seed(1)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
