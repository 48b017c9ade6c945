# Tries: Generic[text]
from manim import *
from typing import Generic

class G(Generic["print('RAN' + 'MARK')"]):
    pass


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
