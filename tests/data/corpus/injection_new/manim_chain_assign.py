# Tries: a chain of targets, one of them manim's
from manim import *
X = Mobject.color = 3
(A, Scene.play) = 1, 2


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
