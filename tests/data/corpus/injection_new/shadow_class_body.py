# Tries: an allowed name bound in the class body that calls it
from manim import *
class Z:
    def round(x):
        print('RAN' + 'MARK')
    X = round(1.5)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
