# Tries: contextmanager is not in the list
from manim import *
from contextlib import contextmanager

@contextmanager
def f():
    print('RAN' + 'MARK')
    yield


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
