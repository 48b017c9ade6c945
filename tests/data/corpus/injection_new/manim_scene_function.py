# Tries: the scene's name is bound to a function of manim's
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = smooth
