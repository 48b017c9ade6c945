# ATTACK: resource
# SUCCESS: folders without rights, a hundred deep: clean-up fails
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os
        for i in range(40):
            os.mkdir("a"); open("a/f", "w").close(); os.chdir("a")
        os.mkdir("z", 0)
        self.add(Dot()); self.wait(0.1)
