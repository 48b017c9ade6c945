# Tries: the user's own module
from manim import *
from __main__ import user_list
import __main__ as user
X = user.user_object.secret


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
