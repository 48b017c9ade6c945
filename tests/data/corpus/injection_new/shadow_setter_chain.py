# Tries: a setter of a property that is the scene's own function
from manim import *
class Z:
    def x(self):
        print('RAN' + 'MARK')

    x.setter = x

    @x.setter
    def y(self, v):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
