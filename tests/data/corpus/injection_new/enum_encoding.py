# Tries: a member of a str enumeration is decoded by a codec that is loaded
from manim import *
from enum import Enum

class K(str, Enum):
    A = (b"abc", "idna", "strict")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
