# ATTACK: metadata
# SUCCESS: where the folders lie on the host
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        if "@RUN@" in open("/proc/self/mountinfo").read(): print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
