# Tries: a match statement and a global in a class
from manim import *
class A:
    global range
    def range(n):
        print('RAN' + 'MARK')
        return []

X = list(range(3))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
