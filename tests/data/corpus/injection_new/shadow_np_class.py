# Tries: np.array through a class named np with a static method
from manim import *
class np:
    @staticmethod
    def linspace(*a):
        print('RAN' + 'MARK')

X = np.linspace(0, 1, 3)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
