# Tries: a scene class named rotate
from manim import *

class rotate(Scene):
    def construct(self):
        self.play(Create(Circle()))
