# Tries: a docstring that is an f-string
from manim import *
class Z:
    f"{print('RAN' + 'MARK')}"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
