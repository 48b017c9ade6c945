# Tries: functools.wraps of a foreign function
from manim import *
from functools import wraps

@wraps(Mobject.shift)
def f(x):
    print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
