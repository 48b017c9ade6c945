# Tries: the same: a module that is loaded by being asked
from manim import *
from dataclasses import dataclass

class Base:
    __doc__ = "Base(x=numpy.f2py.__name__)\n--\n\n"

@dataclass(init=False)
class D(Base):
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
