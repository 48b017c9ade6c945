# Tries: total_ordering over operators of the scene
from manim import *
from functools import total_ordering

@total_ordering
class Z:
    def __eq__(self, o):
        print('RAN' + 'MARK')
        return True

    def __lt__(self, o):
        print('RAN' + 'MARK')
        return True


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
