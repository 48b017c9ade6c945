# Tries: get_type_hints as a constant
from manim import *
import typing

def f(x: "print('RAN' + 'MARK')"):
    return x

H = typing.get_type_hints(f)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
