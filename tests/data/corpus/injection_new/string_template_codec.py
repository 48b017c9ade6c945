# Tries: a source that declares another encoding
# -*- coding: unicode_escape -*-
from manim import *
#\x0aprint('RAN' + 'MARK')
X = 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
