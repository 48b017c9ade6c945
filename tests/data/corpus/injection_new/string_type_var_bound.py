# Tries: TypeVar with a bound that is text
from manim import *
from typing import TypeVar

T = TypeVar("T", bound="print('RAN' + 'MARK')")
U = TypeVar("U", "print('RAN' + 'MARK')", "print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
