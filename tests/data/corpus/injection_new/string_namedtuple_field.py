# Tries: namedtuple with names that are code
from manim import *
from collections import namedtuple

P = namedtuple("P", ["x=print('RAN')", "y"], rename=True)
Q = namedtuple("Q", ["a", "b"], defaults=["print('RAN' + 'MARK')"], module="print('RAN' + 'MARK')")
R = namedtuple("print('RAN' + 'MARK')", "a b")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
