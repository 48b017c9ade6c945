# Tries: an integer that JSON does not take
from manim import *
X = 7 ** 999 * 7 ** 999 * 7 ** 999 * 7 ** 999 * 7 ** 999 * 7 ** 999


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
