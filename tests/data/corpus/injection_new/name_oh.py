# Tries: a scene class named _oh
from manim import *

class _oh(Scene):
    def construct(self):
        self.play(Create(Circle()))
