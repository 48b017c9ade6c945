# Tries: a submodule of an allowed package that runs something
from manim import *
import numpy.conftest
import sympy.conftest
import json.tool


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
