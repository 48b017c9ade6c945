# Tries: field(...) whose arguments are asked for their truth
from manim import *
from dataclasses import dataclass, field
from enum import Enum

class K(int, Enum):
    A = 1

    def __bool__(self):
        print('RAN' + 'MARK')
        return True

@dataclass
class D:
    a: int = field(default=1, init=K.A, repr=K.A, compare=K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
