# Tries: the scene's name is bound to NumPy
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = np
