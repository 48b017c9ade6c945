# Tries: pandas evaluates a query
from manim import *
import pandas

X = pandas.eval("print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
