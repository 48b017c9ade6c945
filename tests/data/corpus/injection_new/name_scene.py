# Tries: a scene class named Scene
from manim import *

class Scene(Scene):
    def construct(self):
        self.play(Create(Circle()))
