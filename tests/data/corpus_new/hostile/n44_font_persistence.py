# ATTACK: file-write
# SUCCESS: a font or a cache of fonts that every later render would use
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        for p in ("@HOME@/.local/share/fonts", "@HOME@/.cache/fontconfig", "@HOME@/.fonts", "/var/cache/fontconfig"):
            try: os.makedirs(p, exist_ok=True); open(p + "/pwned", "w").write("x"); print("PWN" "ED-@NONCE@")
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
