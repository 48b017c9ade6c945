# Tries: lru_cache(always_redraw): manim calls it at once
from manim import *
from functools import lru_cache

@lru_cache(always_redraw)
def f():
    print('RAN' + 'MARK')
    return Dot()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
