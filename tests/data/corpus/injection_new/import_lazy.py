# Tries: attributes that load a module by being named
from manim import *
import scipy
X = scipy.io
Y = np.f2py


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
