# Tries: dict(own class): keys is quit
from manim import *
class K:
    keys = quit

D = dict(K)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
