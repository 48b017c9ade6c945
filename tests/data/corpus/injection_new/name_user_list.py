# Tries: a scene class named user_list
from manim import *

class user_list(Scene):
    def construct(self):
        self.play(Create(Circle()))
