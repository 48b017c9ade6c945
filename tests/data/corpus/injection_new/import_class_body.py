# Tries: imports in a class body with hooks as aliases
from manim import *
class M(Circle):
    from numpy import seterrcall as animation_overrides
    from numpy import seterrcall as _converted_classes
    from numpy import seterrcall as __init_subclass__


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
