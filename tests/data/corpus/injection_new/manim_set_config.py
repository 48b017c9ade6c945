# Tries: config is changed
from manim import *
config.frame_width = 3
config['frame_height'] = 2
config.frame_rate = 1
W = config.frame_width * 2


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
