# Tries: a function named namedtuple, called at module level
from manim import *
def namedtuple(*a, **k):
    print('RAN' + 'MARK')
    return 1

X = namedtuple('P', 'x y')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
