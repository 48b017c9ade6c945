# ATTACK: tamper
# SUCCESS: a file that is no video is handed over as the result
# ORACLE: generic, as for the other corpus
from manim import *

class S(Scene):
    def construct(self):
        import os, json
        open("result.mp4", "wb").write(b"<html>PWN" b"ED-@NONCE@</html>" + bytes(2000))
        open("poster.png", "wb").write(b"<html>" + bytes(2000))
        r = dict(file="result.mp4", poster="poster.png", duration_s=1, width_px=2, height_px=2, fps=1, media_type="video/mp4")
        os.write(3, json.dumps({"result": r}).encode() + b"\n")
        os._exit(0)
        self.add(Dot()); self.wait(0.1)
