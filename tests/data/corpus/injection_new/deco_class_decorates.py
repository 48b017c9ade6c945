# Tries: a class of the scene decorates
from manim import *
class Mark:
    def __init__(self, f):
        print('RAN' + 'MARK')

@Mark
def f():
    return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
