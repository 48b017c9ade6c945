# Tries: a virtual base class asks __subclasscheck__ of the scene
from manim import *
from collections.abc import Mapping

class M(Mapping):
    @classmethod
    def __subclasshook__(cls, other):
        print('RAN' + 'MARK')
        return False

class N(Mapping):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
