# Tries: a scene class named config
from manim import *

class config(Scene):
    def construct(self):
        self.play(Create(Circle()))
