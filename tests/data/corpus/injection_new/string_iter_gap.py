# Tries: np.array asks an object of the scene for __array__
from manim import *
class A:
    def __array__(self, *a):
        print('RAN' + 'MARK')

    def __len__(self):
        print('RAN' + 'MARK')
        return 1

    def __getitem__(self, i):
        print('RAN' + 'MARK')
        return 1

X = np.array([A, 1], dtype=object)
Y = np.array(A())


class Attack(Scene):
    def construct(self):
        self.play(Create(Circle()))
