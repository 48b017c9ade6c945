# Tries: a string annotation of a NamedTuple becomes a ForwardRef
from manim import *
from typing import NamedTuple

class P(NamedTuple):
    x: "print('RAN' + 'MARK')"
    y: "[print('RAN' + 'MARK') for _ in (1,)]" = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
