# Tries: add_animation_override of a mixin
from manim import *
class Mixin:
    @classmethod
    def add_animation_override(cls, a, f):
        print('RAN' + 'MARK')

class M(Mixin, Mobject):
    @override_animation(Create)
    def f(self):
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
