# Tries: star imports of other modules take names
from manim import *
from math import *
from typing import *
from operator import *
from statistics import *


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
