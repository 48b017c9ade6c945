# Tries: the scene's name is bound to manim's class afterwards
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = Square
