# Tries: override_animate of a user's variable
from manim import *
class M(Mobject):
    @override_animate(user_list)
    def f(self, *a):
        print('RAN' + 'MARK')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
