# Tries: a scene class named _
from manim import *

class _(Scene):
    def construct(self):
        self.play(Create(Circle()))
