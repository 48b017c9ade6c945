# Tries: a scene class named RED
from manim import *

class RED(Scene):
    def construct(self):
        self.play(Create(Circle()))
