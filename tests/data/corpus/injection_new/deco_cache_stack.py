# Tries: classmethod over property over cache
from manim import *
from functools import cache

class M(Mobject):
    @classmethod
    @property
    @cache
    def f(cls):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
