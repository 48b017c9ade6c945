# Tries: text that ends a docstring when its annotation is printed again
from manim import *
class Z:
    a: """x\"\"\"
print('RAN' + 'MARK')""" = 1

def f(x: "\"\"\"\nprint('RAN' + 'MARK')\n\"\"\"" = 1):
    return x


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
