# Tries: an array of objects
from manim import *
X = np.array([print, Circle], dtype=object)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
