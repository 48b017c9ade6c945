# Tries: relative imports
from manim import *
from . import os
from .manim import x


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
