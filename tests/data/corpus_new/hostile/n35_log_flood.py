# ATTACK: resource
# SUCCESS: the log grows without end
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        b = b"x" * 65536
        while True: os.write(2, b)
        self.add(Dot()); self.wait(0.1)
