# ATTACK: resource
# SUCCESS: a hundred thousand empty files
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        for i in range(100):
            os.mkdir(f"d{i}")
            for j in range(1000): open(f"d{i}/{j}", "w").close()
        self.add(Dot()); self.wait(0.1)
