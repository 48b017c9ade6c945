# Tries: a module's attribute that is bound as class attribute and walked
from manim import *
import scipy

class M(Mobject):
    a = scipy
    b = np
    c = config


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
