# Tries: a default within a default
from manim import *
def f(a=lambda b=print('RAN' + 'MARK'): b):
    return a


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
