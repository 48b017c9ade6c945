# ATTACK: metadata
# SUCCESS: the user's folder is watched
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import ctypes
        l = ctypes.CDLL(None)
        f = l.inotify_init1(0)
        if f >= 0 and l.inotify_add_watch(f, b"@HOME@", 0xfff) >= 0: print("PWN" "ED-@NONCE@")
        self.add(Dot()); self.wait(0.1)
