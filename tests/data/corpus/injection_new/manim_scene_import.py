# Tries: the scene's name is imported afterwards
from manim import *



class Square(Scene):
    def construct(self):
        self.play(Create(Circle()))


from manim import Square
