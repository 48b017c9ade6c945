# Tries: lru_cache(property) is no decorator of functions but a type
from manim import *
from functools import lru_cache

class M(Mobject):
    @lru_cache(property)
    def f(self):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
