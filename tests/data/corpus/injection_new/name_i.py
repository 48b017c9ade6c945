# Tries: a scene class named _i
from manim import *

class _i(Scene):
    def construct(self):
        self.play(Create(Circle()))
