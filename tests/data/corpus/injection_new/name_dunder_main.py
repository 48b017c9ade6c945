# Tries: names of the module itself
from manim import *
__name__ = "__main__"
__file__ = "/etc/passwd"
__loader__ = None
__spec__ = None
__package__ = "manim"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
