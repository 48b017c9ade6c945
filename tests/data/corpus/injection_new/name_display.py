# Tries: a scene class named display
from manim import *

class display(Scene):
    def construct(self):
        self.play(Create(Circle()))
