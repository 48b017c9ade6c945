# Tries: NumPy's mini-languages
from manim import *
import numpy as np

A = np.array([1], dtype="(__import__('os'),)i4")
B = np.r_["print('RAN' + 'MARK')"]
C = np.bmat("print('RAN' + 'MARK')")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
