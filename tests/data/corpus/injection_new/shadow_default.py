# Tries: an allowed name of the scene's in a default
from manim import *
def dict(**k):
    print('RAN' + 'MARK')
    return {}

def f(a=dict(x=1)):
    return a


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
