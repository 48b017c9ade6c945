# ATTACK: network
# SUCCESS: Lua inside LuaLaTeX opens a connection
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        T = TexTemplate(tex_compiler="lualatex", output_format=".pdf")
        Tex(r"\directlua{local s=require('socket').tcp(); s:settimeout(2); s:connect('127.0.0.1', @PORT@)}a", tex_template=T)
        self.add(Dot()); self.wait(0.1)
