# Tries: a star in a display, a call, a dictionary
from manim import *
class It:
    def keys(self):
        print('RAN' + 'MARK')
        return []

X = [*It]
Y = {**It}
Z = dict(**It)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
