# ATTACK: tamper
# SUCCESS: the scene no longer dies with its parent
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes
        c = ctypes.c_int(9)
        l = ctypes.CDLL(None)
        if l.prctl(1, 0, 0, 0, 0) == 0 and l.prctl(2, ctypes.byref(c), 0, 0, 0) == 0 and c.value == 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
