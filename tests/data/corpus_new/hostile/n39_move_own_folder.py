# ATTACK: tamper
# SUCCESS: its own folder is moved out of reach of the clean-up
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        here = os.getcwd().removesuffix("/rehearsal")
        os.chdir(here)
        for t in ("../moved", "../../moved", "/tmp/pwned-@NONCE@"):
            try: os.rename(here, t); print("PWN" "ED-@NONCE@")
            except OSError as e: print(e)
        self.add(Dot()); self.wait(0.1)
