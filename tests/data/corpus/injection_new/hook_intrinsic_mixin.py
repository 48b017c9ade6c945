# Tries: manim's hook inherited from a mixin that is no Mobject
from manim import *
class Mixin:
    @staticmethod
    def _add_intrinsic_animation_overrides():
        print('RAN' + 'MARK')

class M(Mixin, Mobject):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
