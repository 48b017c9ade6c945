# Tries: eval in a default
from manim import *
def f(x=eval("print('RAN' + 'MARK')")):
    return x


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
