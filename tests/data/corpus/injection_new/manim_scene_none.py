# Tries: the scene's name is bound to a number
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = 3
