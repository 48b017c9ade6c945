# Tries: __set_name__ of a base or of an attribute
from manim import *
class Base:
    @classmethod
    def __set_name__(cls, *a, **k):
        print('RAN' + 'MARK')
        return super().__set_name__(*a, **k)

class Derived(Base):
    a = Base


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
