# Tries: a scene class named get_ipython
from manim import *

class get_ipython(Scene):
    def construct(self):
        self.play(Create(Circle()))
