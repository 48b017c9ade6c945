# Tries: override_animate of a name that stands for manim's function
from manim import *
shift = Mobject.shift

class M(Mobject):
    shift = Mobject.shift

    @override_animate(shift)
    def f(self, *a):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
