# Tries: a scene class named quit
from manim import *

class quit(Scene):
    def construct(self):
        self.play(Create(Circle()))
