# Tries: _original__init__ as a data descriptor by a mixin
from manim import *
class D:
    def __set__(self, a, b):
        print('RAN' + 'MARK')

class M(Mobject):
    _original__init__ = D
    __init__ = D


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
