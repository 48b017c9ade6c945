# ATTACK: resource
# SUCCESS: the process stops itself and waits
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, signal
        os.kill(os.getpid(), signal.SIGSTOP)
        self.add(Dot()); self.wait(0.1)
