# Tries: property bound to a class with a setter of its own
from manim import *
class property:
    def __init__(self, f):
        print('RAN' + 'MARK')

    def setter(self, f):
        print('RAN' + 'MARK')
        return f

class Z:
    @property
    def x(self):
        return 1

    @x.setter
    def x(self, value):
        pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
