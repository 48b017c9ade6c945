# ATTACK: resource
# SUCCESS: shared memory that outlives the process
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes
        if ctypes.CDLL(None).shmget(0x5347, 1 << 20, 0o1666) >= 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
