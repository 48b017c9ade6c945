# Tries: a field of dataclass over the user's list
from manim import *
from dataclasses import dataclass, field

@dataclass
class D:
    a: list = field(default=user_list)
    b: dict = field(metadata=user_list)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
