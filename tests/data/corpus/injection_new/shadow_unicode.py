# Tries: an allowed name written in fullwidth letters
from manim import *
def ｒａｎｇｅ(n):
    print('RAN' + 'MARK')
    return []

X = list(ｒａｎｇｅ(3))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
