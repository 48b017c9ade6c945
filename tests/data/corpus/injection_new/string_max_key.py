# Tries: max(key=…), which the filter allows, with the scene's function
from manim import *
def f(*a):
    print('RAN' + 'MARK')
    return 1

Y = max([1, 2], key=f)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
