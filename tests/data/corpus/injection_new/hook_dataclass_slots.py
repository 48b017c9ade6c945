# Tries: a dataclass with slots over a Mobject: the class is made twice
from manim import *
from dataclasses import dataclass

@dataclass(slots=True)
class D(Mobject):
    a: int = 1

    def _add_intrinsic_animation_overrides():
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
