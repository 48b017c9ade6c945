# Tries: a scene class named user_function
from manim import *

class user_function(Scene):
    def construct(self):
        self.play(Create(Circle()))
