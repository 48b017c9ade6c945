# Tries: lru_cache(showwarning)
from manim import *
from functools import lru_cache
from warnings import resetwarnings

@lru_cache(maxsize=resetwarnings)
def f():
    print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
