# Tries: a TexTemplate is made and one of manim's is changed
from manim import *
T = TexTemplate(preamble="x")
U = T.add_to_preamble("x")
config.tex_template = T
V = TexTemplateLibrary.simple.add_to_preamble("y")


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
