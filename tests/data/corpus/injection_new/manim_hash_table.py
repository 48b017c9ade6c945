# Tries: manim's classes in sets and dictionaries beside the scene's
from manim import *
class H(Mobject):
    def __hash__(self):
        print('RAN' + 'MARK')
        return 1

    def __eq__(self, o):
        print('RAN' + 'MARK')
        return True

T = {H, Circle, Square}
D = {H: 1, Circle: 2}


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
