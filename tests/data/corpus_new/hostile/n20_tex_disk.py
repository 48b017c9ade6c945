# ATTACK: resource
# SUCCESS: TeX writes without end
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        Tex(r"a\newwrite\f\immediate\openout\f=x.out \def\z{\immediate\write\f{" + "x" * 5000 + r"}\z}\z")
        self.add(Dot()); self.wait(0.1)
