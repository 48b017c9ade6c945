# Tries: a class within a class within a class
from manim import *
class A:
    class B:
        class C:
            print('RAN' + 'MARK')

        def range(n):
            print('RAN' + 'MARK')
            return []

        X = list(range(3))


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
