# Tries: type as base, then used as metaclass by inheritance
from manim import *
class Meta(type):
    def mro(cls):
        print('RAN' + 'MARK')
        return type.mro(cls)

class Z(Meta):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
