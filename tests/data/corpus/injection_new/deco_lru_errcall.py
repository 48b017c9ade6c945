# Tries: lru_cache(seterrcall): NumPy calls the scene at its next error
from manim import *
from functools import lru_cache
from numpy import seterrcall

@lru_cache(seterrcall)
def f(*a):
    print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
