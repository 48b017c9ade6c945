# Tries: dataclass(own class) returns it: decorating makes an instance
from manim import *
from dataclasses import dataclass

class Own:
    def __new__(cls, other):
        print('RAN' + 'MARK')
        return other

@dataclass(Own, init=False)
class Z:
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
