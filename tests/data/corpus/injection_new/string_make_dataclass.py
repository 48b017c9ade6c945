# Tries: make_dataclass with a namespace
from manim import *
from dataclasses import make_dataclass

D = make_dataclass("D", [("a", "print('RAN' + 'MARK')")], namespace={"__init_subclass__": print})


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
