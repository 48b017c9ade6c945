# Tries: a mixin before Animation with __init_subclass__
from manim import *
class Mixin:
    def __init_subclass__(cls, **k):
        print('RAN' + 'MARK')
        super().__init_subclass__(**k)

class A(Mixin, Animation):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
