# Tries: a name of manim's bound to the scene's value
from manim import *
RED = BLUE
Create = FadeOut
smooth = linear
PI = 3


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
