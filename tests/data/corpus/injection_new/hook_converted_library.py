# Tries: _converted_classes with an append of NumPy's: it sets a callback
from manim import *
from numpy import seterrcall

def react(*a):
    print('RAN' + 'MARK')

class Sink:
    append = seterrcall

class M(Circle):
    _converted_classes = Sink

    @staticmethod
    def write(text):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
