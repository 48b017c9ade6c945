# ATTACK: metadata
# SUCCESS: the command lines of other processes
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import glob
        n = 0
        for p in glob.glob("/proc/[0-9]*/cmdline"):
            try: n += "supervisor" in open(p).read()
            except OSError: pass
        if n: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
