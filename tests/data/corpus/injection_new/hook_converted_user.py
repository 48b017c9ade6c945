# Tries: _converted_classes is a list of the user's
from manim import *
class M(Circle):
    _converted_classes = user_list


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
