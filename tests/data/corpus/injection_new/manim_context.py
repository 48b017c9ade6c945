# Tries: global contexts: decimal, locale, warnings, recursion
from manim import *
import decimal
import warnings

X = decimal.getcontext().prec
Y = decimal.setcontext(decimal.Context(prec=2))
Z = warnings.simplefilter("ignore")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
