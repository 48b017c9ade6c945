# Tries: total_ordering over a class method that is a property
from manim import *
from functools import total_ordering

@total_ordering
class Z:
    @classmethod
    @property
    def __lt__(cls):
        print('RAN' + 'MARK')
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
