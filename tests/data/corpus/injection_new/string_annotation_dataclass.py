# Tries: a string annotation of a dataclass
from manim import *
from dataclasses import dataclass

@dataclass
class D:
    a: "print('RAN' + 'MARK')" = 1
    b: "ClassVar[print('RAN' + 'MARK')]" = 2


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
