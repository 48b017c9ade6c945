# Tries: a scene class named _dh
from manim import *

class _dh(Scene):
    def construct(self):
        self.play(Create(Circle()))
