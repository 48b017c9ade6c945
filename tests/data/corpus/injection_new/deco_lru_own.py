# Tries: lru_cache(own function): decorating calls it
from manim import *
from functools import lru_cache

def own(f):
    print('RAN' + 'MARK')
    return f

@lru_cache(own)
def f():
    return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
