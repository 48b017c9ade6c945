# Tries: dict(own class): keys is a function of the scene's
from manim import *
class K:
    @staticmethod
    def keys():
        print('RAN' + 'MARK')
        return []

D = dict(K)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
