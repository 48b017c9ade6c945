# Tries: a decorator over several lines, of the scene's
from manim import *
def trick(f):
    print('RAN' + 'MARK')
    return f

class Z:
    @(
        trick
    )
    def f(self):
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
