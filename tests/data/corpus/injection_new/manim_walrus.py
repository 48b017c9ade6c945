# Tries: a walrus, del, global and assert at module level
from manim import *
X = (Y := print('RAN' + 'MARK'))
del Scene
assert print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
