# Tries: a scene class named Circle
from manim import *

class Circle(Scene):
    def construct(self):
        self.play(Create(Circle()))
