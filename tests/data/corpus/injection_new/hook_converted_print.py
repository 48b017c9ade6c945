# Tries: _converted_classes with print as its append
from manim import *
class Sink:
    append = print

class M(Circle):
    _converted_classes = Sink


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
