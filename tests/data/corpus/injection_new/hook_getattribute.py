# Tries: __getattribute__ of a base or of an attribute
from manim import *
class Base:
    @classmethod
    def __getattribute__(cls, *a, **k):
        print('RAN' + 'MARK')
        return super().__getattribute__(*a, **k)

class Derived(Base):
    a = Base


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
