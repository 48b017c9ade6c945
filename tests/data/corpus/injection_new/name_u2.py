# Tries: a scene class named __
from manim import *

class __(Scene):
    def construct(self):
        self.play(Create(Circle()))
