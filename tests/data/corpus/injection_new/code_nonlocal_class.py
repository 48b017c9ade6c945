# Tries: __class__ and __classcell__ of the scene's
from manim import *
class A:
    __class__ = Circle
    __classcell__ = 3

    def f(self):
        print('RAN' + 'MARK')
        return super().f()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
