# Tries: a module beyond the list
from manim import *
import os
X = os.system('touch @CANARY@/import_os')


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
