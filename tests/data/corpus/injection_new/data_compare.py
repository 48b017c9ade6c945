# Tries: comparisons of the scene's objects
from manim import *
class C:
    def __lt__(self, o):
        print('RAN' + 'MARK')
        return True

X = C < C
Y = C() < C()
Z = 1 if C() else 2


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
