# ATTACK: file-write
# SUCCESS: open() with the access mode 3 and O_TRUNC asks for no right and empties a file
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        for p in ("@OTHER@/bob.mp4", "@HOME@/docs/data.csv"):
            try: os.close(os.open(p, 3 | os.O_TRUNC))
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
