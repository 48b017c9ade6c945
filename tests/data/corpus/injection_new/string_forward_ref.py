# Tries: ForwardRef and its evaluation as a constant
from manim import *
import typing

F = typing.ForwardRef("print('RAN' + 'MARK')")._evaluate({}, {}, frozenset())


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
