# Tries: str.format that walks to globals
from manim import *
def f():
    return 1

X = "{0.__globals__[__builtins__]}".format(f)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
