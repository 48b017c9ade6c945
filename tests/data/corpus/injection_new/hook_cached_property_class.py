# Tries: a cached property and a class method over it
from manim import *
from functools import cached_property

class M(Mobject):
    @classmethod
    @cached_property
    def look(cls):
        print('RAN' + 'MARK')
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
