# Tries: __all__ of the module is a value of the scene's
from manim import *
from enum import Enum

class K(str, Enum):
    A = "print"

__all__ = ["print", "get_ipython", K.A]


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
