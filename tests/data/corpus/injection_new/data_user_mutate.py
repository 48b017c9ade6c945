# Tries: a method of the user's list
from manim import *
X = user_list.append(3)
user_list[0] = 9


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
