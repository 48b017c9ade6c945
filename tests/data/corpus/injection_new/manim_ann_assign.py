# Tries: an annotated target of manim's
from manim import *
Scene.wait: int = 3
config.anything: int = 3


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
