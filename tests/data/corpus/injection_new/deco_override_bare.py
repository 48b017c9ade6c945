# Tries: override_animate without arguments decorates
from manim import *
class M(Mobject):
    @override_animate
    def f(self, *a):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
