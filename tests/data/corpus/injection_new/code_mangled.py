# Tries: private names in a class
from manim import *
class A:
    __f = 1
    def __g(self):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
