# Tries: a property in a classmethod runs when dir(cls) is walked
from manim import *
class M(Mobject):
    @classmethod
    @property
    def look(cls):
        print('RAN' + 'MARK')
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
