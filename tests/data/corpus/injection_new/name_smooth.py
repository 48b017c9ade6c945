# Tries: a scene class named smooth
from manim import *

class smooth(Scene):
    def construct(self):
        self.play(Create(Circle()))
