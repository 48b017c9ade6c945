# Tries: a base class named as an allowed one, with a hook
from manim import *
class Enum:
    def __init_subclass__(cls):
        print('RAN' + 'MARK')

class E(Enum):
    A = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
