# Tries: a metaclass of the scene's as class keyword
from manim import *
class Meta(type):
    def __new__(m, *a):
        print('RAN' + 'MARK')
        return super().__new__(m, *a)

class Z(metaclass=Meta):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
