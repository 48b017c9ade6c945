# Tries: a class named dataclasses with its own decorator
from manim import *
class dataclasses:
    @staticmethod
    def dataclass(cls):
        print('RAN' + 'MARK')
        return cls

@dataclasses.dataclass
class Z:
    a: int = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
