# Tries: an annotation that looks like InitVar of a module
from manim import *
from dataclasses import dataclass
import dataclasses as typing

@dataclass
class D:
    a: "typing.InitVar[print('RAN' + 'MARK')]" = 1
    b: "__main__.ClassVar" = 2


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
