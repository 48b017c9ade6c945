# Tries: __builtins__ bound in the module
from manim import *
class Own:
    @staticmethod
    def range(n):
        print('RAN' + 'MARK')

__builtins__ = Own
X = list(range(3))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
