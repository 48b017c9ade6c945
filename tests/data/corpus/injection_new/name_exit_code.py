# Tries: a scene class named _exit_code
from manim import *

class _exit_code(Scene):
    def construct(self):
        self.play(Create(Circle()))
