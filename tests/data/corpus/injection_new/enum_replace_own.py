# Tries: namedtuple(member): split() and replace() are the scene's
from manim import *
from collections import namedtuple
from enum import Enum

class K(str, Enum):
    A = "a b"

    def replace(self, *a):
        print('RAN' + 'MARK')
        return self

    def split(self):
        print('RAN' + 'MARK')
        return []

P = namedtuple("P", K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
