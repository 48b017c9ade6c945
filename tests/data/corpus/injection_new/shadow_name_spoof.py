# Tries: __module__ and __name__ that pretend to be manim's
from manim import *
class override_animation:
    __module__ = "manim.animation.animation"
    __name__ = "override_animation"

    def __init__(self, a):
        print('RAN' + 'MARK')

    def __call__(self, f):
        print('RAN' + 'MARK')
        return f

class M(Mobject):
    @override_animation(Create)
    def f(self):
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
