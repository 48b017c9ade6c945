# Tries: __path__ and __getattr__ make a package of the module
from manim import *
__path__ = ["/tmp"]

def __getattr__(name):
    print('RAN' + 'MARK')
    return 1

def __dir__():
    print('RAN' + 'MARK')
    return []


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
