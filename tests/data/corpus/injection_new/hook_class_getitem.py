# Tries: __class_getitem__ of a base or of an attribute
from manim import *
class Base:
    @classmethod
    def __class_getitem__(cls, *a, **k):
        print('RAN' + 'MARK')
        return super().__class_getitem__(*a, **k)

class Derived(Base):
    a = Base


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
