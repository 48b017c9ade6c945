# Tries: a loop and a with whose target is manim's
from manim import *
for Scene.render in [1]:
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
