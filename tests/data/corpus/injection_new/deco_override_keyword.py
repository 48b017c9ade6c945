# Tries: override_animate(method=manim's function)
from manim import *
class M(Mobject):
    @override_animate(method=Mobject.shift)
    def f(self, *a):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
