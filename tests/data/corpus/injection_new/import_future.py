# Tries: __future__ beside a module of that name
from __future__ import annotations
from manim import *
class A:
    x: "print('RAN' + 'MARK')" = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
