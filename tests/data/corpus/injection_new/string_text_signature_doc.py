# Tries: the same, with __doc__ assigned
from manim import *
from dataclasses import dataclass

class Base:
    __doc__ = "Base(x=__main__.user_object.secret)\n--\n\n"

@dataclass(init=False)
class D(Base):
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
