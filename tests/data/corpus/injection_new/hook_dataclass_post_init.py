# Tries: a dataclass with default_factory and __post_init__
from manim import *
from dataclasses import dataclass, field

def make():
    print('RAN' + 'MARK')
    return []

@dataclass
class D:
    a: list = field(default_factory=make)

    def __post_init__(self):
        print('RAN' + 'MARK')

@dataclass
class E(D):
    b: list = field(default_factory=make)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
