# Tries: a library's function as an allowed decorator
from manim import *
from numpy import seterrcall as property

class Z:
    @property
    def f(*a):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
