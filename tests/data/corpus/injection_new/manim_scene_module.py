# Tries: the scene's name is bound to a module
from manim import *
import math


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = math
