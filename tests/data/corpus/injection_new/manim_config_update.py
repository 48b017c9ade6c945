# Tries: config.update and digest
from manim import *
X = config.update({'frame_width': 3})


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
