# Tries: dataclass(Circle) makes manim's class another
from manim import *
from dataclasses import dataclass

@dataclass(Circle)
class Z:
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
