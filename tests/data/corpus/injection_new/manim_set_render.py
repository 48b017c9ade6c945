# Tries: Scene.render is assigned
from manim import *
def f(*a):
    print('RAN' + 'MARK')

Scene.render = f


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
