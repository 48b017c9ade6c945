# Tries: form feeds and carriage returns move the lines
from manim import *
X = 1
def f():
    print('RAN' + 'MARK')
def f():
    return 2

Y = f


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
