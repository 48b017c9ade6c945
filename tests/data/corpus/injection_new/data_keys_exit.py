# Tries: dict(own class): keys ends the kernel
from manim import *
from random import seed

class K:
    keys = seed

D = dict(K)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
