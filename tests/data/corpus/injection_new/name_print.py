# Tries: a scene class named print
from manim import *

class print(Scene):
    def construct(self):
        self.play(Create(Circle()))
