# Tries: a scene class named np
from manim import *

class np(Scene):
    def construct(self):
        self.play(Create(Circle()))
