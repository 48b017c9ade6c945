# Tries: functools replaced by a class whose lru_cache is the scene's
from manim import *
class functools:
    def lru_cache(f):
        print('RAN' + 'MARK')
        return f

@functools.lru_cache
def f():
    return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
