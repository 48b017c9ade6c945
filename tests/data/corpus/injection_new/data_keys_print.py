# Tries: dict(own class): keys is print
from manim import *
class K:
    keys = print

D = dict(K)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
