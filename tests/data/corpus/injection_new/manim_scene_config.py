# Tries: the scene's name is bound to manim's config
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = config
