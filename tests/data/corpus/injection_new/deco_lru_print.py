# Tries: lru_cache(print): the decorator itself is print
from manim import *
from functools import lru_cache

@lru_cache(print)
def f():
    print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
