# Tries: an async function and its await
from manim import *
async def f():
    print('RAN' + 'MARK')

X = f()


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
