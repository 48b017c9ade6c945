# Tries: __len__ and keys of a member bound by imports
from manim import *
from enum import Enum

class K(str, Enum):
    from sympy import solve as keys
    from sympy import solve as __len__
    A = "[print('RAN' + 'MARK'), x][1]"

D = dict(K.A)


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
