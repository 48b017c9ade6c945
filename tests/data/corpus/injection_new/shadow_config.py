# Tries: config bound to an object whose attribute is a property
from manim import *
class config:
    @property
    def frame_width(self):
        print('RAN' + 'MARK')
        return 14

W = config.frame_width


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
