# Tries: a scene class named pd
from manim import *

class pd(Scene):
    def construct(self):
        self.play(Create(Circle()))
