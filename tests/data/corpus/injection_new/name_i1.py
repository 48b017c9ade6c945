# Tries: a scene class named _i1
from manim import *

class _i1(Scene):
    def construct(self):
        self.play(Create(Circle()))
