# Tries: text that is no text
from manim import *
X = '\ud800' * 2
class K:
    a: '\udfff' = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
