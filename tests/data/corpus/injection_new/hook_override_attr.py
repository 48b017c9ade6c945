# Tries: _override_animation written as an attribute of a class in a Mobject
from manim import *
class Fake:
    _override_animation = Create

    def __init__(self, *a):
        print('RAN' + 'MARK')

    def __hash__(self):
        print('RAN' + 'MARK')

class M(Mobject):
    look = Fake


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
