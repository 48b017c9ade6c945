# Tries: a scene class named exit
from manim import *

class exit(Scene):
    def construct(self):
        self.play(Create(Circle()))
