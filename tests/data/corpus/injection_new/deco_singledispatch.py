# Tries: singledispatch and a registration by annotation
from manim import *
from functools import singledispatch

@singledispatch
def f(x):
    return 1

@f.register
def g(x: "print('RAN' + 'MARK')"):
    return 2


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
