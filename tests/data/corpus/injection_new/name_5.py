# Tries: a scene class named _5
from manim import *

class _5(Scene):
    def construct(self):
        self.play(Create(Circle()))
