# Tries: dataclass(an exception of manim's) changes it, and takes the class
from manim import *
from dataclasses import dataclass
from manim.utils.exceptions import EndSceneEarlyException

@dataclass(EndSceneEarlyException, init=False)
class Z:
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
