# Tries: _converted_classes of a mixin
from manim import *
class Sink:
    append = print

class Mixin:
    _converted_classes = Sink

class M(Mixin, Circle):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
