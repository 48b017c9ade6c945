# Tries: the user's list by another name, changed by a hook
from manim import *
class Sink:
    append = user_list.append

class M(Circle):
    _converted_classes = Sink


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
