# ATTACK: resource
# SUCCESS: two thousand threads with the smallest stack
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import threading, time
        threading.stack_size(32768)
        for i in range(2000):
            try: threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
            except RuntimeError: pass
        time.sleep(5)
        self.add(Dot()); self.wait(0.1)
