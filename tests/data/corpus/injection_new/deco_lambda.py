# Tries: a lambda as decorator
from manim import *
class Z:
    @(lambda f: print('RAN' + 'MARK'))
    def f(self):
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
