# ATTACK: metadata
# SUCCESS: size of another user's file by statx, access and readlink
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        if os.access("@OTHER@/bob.mp4", os.R_OK) or os.path.exists("@HOME@/.ssh/id_rsa"): print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
