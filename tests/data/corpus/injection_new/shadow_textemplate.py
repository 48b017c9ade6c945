# Tries: a function named TexTemplate, called at module level
from manim import *
def TexTemplate(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = TexTemplate()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
