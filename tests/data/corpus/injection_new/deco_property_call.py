# Tries: property(f) with a getter that is asked at once
from manim import *
class Z:
    def look(self):
        print('RAN' + 'MARK')
        return 1

    P = property(look)
    Q = property(look).fget(1)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
