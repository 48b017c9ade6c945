# Tries: a scene class named _shape
from manim import *

class _shape(Scene):
    def construct(self):
        self.play(Create(Circle()))
