# Tries: the scene's name is bound to a user's list
from manim import *



class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))


Attack = user_list
