# Tries: a library's function imported under an allowed name
from manim import *
from numpy import seterrcall as staticmethod

class Z:
    @staticmethod
    def f(*a):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
