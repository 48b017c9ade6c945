# Tries: an f-string with a call and a format of the scene's
from manim import *
class F:
    def __format__(self, spec):
        print('RAN' + 'MARK')
        return "x"

X = f"{F():x}"
Y = f"{print('RAN' + 'MARK')}"


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
