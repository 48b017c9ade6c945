# Tries: an if, a try and a with at module level
from manim import *
if True:
    print('RAN' + 'MARK')
try:
    print('RAN' + 'MARK')
finally:
    print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
