# Tries: a scene class named shaperotate
from manim import *

class shaperotate(Scene):
    def construct(self):
        self.play(Create(Circle()))
