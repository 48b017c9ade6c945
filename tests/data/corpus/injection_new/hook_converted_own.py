# Tries: _converted_classes with an append of the scene's
from manim import *
class Sink:
    @staticmethod
    def append(cls):
        print('RAN' + 'MARK')

class M(Circle):
    _converted_classes = Sink


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
