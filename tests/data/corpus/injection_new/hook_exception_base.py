# Tries: an exception whose hooks are the scene's
from manim import *
class E(Exception):
    def __init_subclass__(cls):
        print('RAN' + 'MARK')

class F(E):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
