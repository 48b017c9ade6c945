# Tries: a Protocol with members that are looked through
from manim import *
from typing import Protocol, runtime_checkable

class D:
    def __get__(self, a, b):
        print('RAN' + 'MARK')

@runtime_checkable
class P(Protocol):
    a = D

    @classmethod
    @property
    def b(cls):
        print('RAN' + 'MARK')
        return 1


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
