# Tries: re.sub with a function of the scene's
from manim import *
import re

def f(m):
    print('RAN' + 'MARK')
    return ""

X = re.sub("a", f, "a")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
