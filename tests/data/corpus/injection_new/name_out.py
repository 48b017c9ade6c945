# Tries: a scene class named Out
from manim import *

class Out(Scene):
    def construct(self):
        self.play(Create(Circle()))
