# Tries: __doc__, __version__ are functions
from manim import *
def f():
    print('RAN' + 'MARK')

__doc__ = f
__version__ = f
__author__ = f


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
