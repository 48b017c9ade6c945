# Tries: a scene class named In
from manim import *

class In(Scene):
    def construct(self):
        self.play(Create(Circle()))
