# Tries: seeds of random, np.random as constants
from manim import *
import random
X = random.seed(3)
Y = np.random.seed(3)
Z = random.random()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
