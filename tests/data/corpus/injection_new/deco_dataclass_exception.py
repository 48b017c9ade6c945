# Tries: dataclass(an exception of manim's, init=False)
from manim import *
from dataclasses import dataclass

@dataclass(EndSceneEarlyException, init=False)
class Z:
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
