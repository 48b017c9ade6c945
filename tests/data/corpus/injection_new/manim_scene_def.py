# Tries: the scene's name is bound to a function
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


def Attack():
    print('RAN' + 'MARK')
