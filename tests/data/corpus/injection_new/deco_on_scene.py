# Tries: a class decorator of the scene's on the scene
from manim import *
def mark(c):
    print('RAN' + 'MARK')
    return c


@mark
class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
