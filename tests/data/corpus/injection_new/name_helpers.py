# Tries: helpers named as the user's variables and IPython's
from manim import *
def user_function():
    print('RAN' + 'MARK')

def In():
    print('RAN' + 'MARK')

class Out:
    pass

user_list = [1]
get_ipython = display = exit = print
_ = __ = ___ = 5
_shape = None


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
