# Tries: inspect.get_annotations(eval_str=True)
from manim import *
import inspect

def f(x: "print('RAN' + 'MARK')"):
    return x

H = inspect.get_annotations(f, eval_str=True)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
