# Tries: inspect.signature evaluates names in a docstring: the user's property
from manim import *
from dataclasses import dataclass

class Base:
    "Base(x=__main__.user_object.secret)\n--\n\n"

@dataclass(init=False)
class D(Base):
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
