# Tries: a dataclass asks its default through __get__
from manim import *
from dataclasses import dataclass

class D:
    def __get__(self, a, b):
        print('RAN' + 'MARK')
        return 1

@dataclass
class E:
    a: int = D
    b: int = D()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
