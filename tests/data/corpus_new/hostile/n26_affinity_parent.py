# ATTACK: tamper
# SUCCESS: the server is bound to one processor
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        os.sched_setaffinity(os.getppid(), {0})
        print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
