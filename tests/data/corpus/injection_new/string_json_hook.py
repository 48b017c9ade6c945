# Tries: json.loads with a hook of the scene's
from manim import *
import json

def f(d):
    print('RAN' + 'MARK')
    return d

X = json.loads("{}", object_hook=f)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
