# Tries: namedtuple(module='manim') and a class that says it is manim's
from manim import *
from collections import namedtuple

P = namedtuple("Circle", "x", module="manim")

class Circle(Circle):
    __module__ = "manim.mobject.geometry.arc"
    __qualname__ = "Circle"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
