# Tries: a scene class named _sh
from manim import *

class _sh(Scene):
    def construct(self):
        self.play(Create(Circle()))
