"""The product of two matrices: first one map, then the other.

A B means: first apply B, then A. The columns of a matrix are where the basis vectors go, so a
column of A B is A applied to that column of B. In the other order the result is another one in
general. Source: Strang, Introduction to Linear Algebra, section 2.4.

Parameters
----------
A : 2x2 matrix, entries in [-5, 5]
    The left matrix, applied last.
B : 2x2 matrix, entries in [-5, 5]
    The right matrix, applied first.

Example prompts
---------------
- What does matrix multiplication mean?
- product of [[1, 1], [0, 1]] and [[0, -1], [1, 0]]
- Show the composition of two linear maps
- Why is AB not equal to BA?

Keywords
--------
matrix multiplication, matrix product, multiply two matrices, product of two matrices, composition,
compose linear maps, composition of linear maps, AB, BA, not commutative, order of matrices, one
after the other, row times column, multiply matrices, composition of transformations

Subjects
--------
composition of matrices, composition of a rotation and a shear, rotation and shear, rotation then
shear,
matrix product, matrix multiplication, product of two matrices, multiplying matrices, composition
of linear maps, composing two linear transformations, AB and BA

Not
---
3x3, 4x4, 5x5, 2x3, 3x2: two rows and two columns only
Kronecker, Hadamard, tensor product, outer product, Strassen: another product
matrix times vector: two matrices are multiplied
dot product of vectors: two matrices are multiplied
matrix inverse: nothing is undone
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    RED,
    RIGHT,
    FadeIn,
    Polygon,
    UpdateFromAlphaFunc,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    chart_in,
    equals,
    label,
    matrix_block,
    number,
)

A = [[1, 1], [0, 1]]
B = [[0, -1], [1, 0]]

CENTER = (-3.4, 0.2)


class MatrixProduct(CaptionedScene):
    def construct(self):
        self.a, self.b = np.array(A, dtype=float), np.array(B, dtype=float)
        self.begin("A B: first B, then A")
        reach = max(1.5, *(abs(m).sum(axis=1).max() for m in (self.b, self.a @ self.b)))
        self.axes = chart_in((-reach, reach), (-reach, reach), (4.9, 4.9), CENTER)
        self.show_square()
        self.apply(np.eye(2), self.b, "First B: its columns say where the arrows go")
        self.apply(self.b, self.a, "Then A carries them on")
        self.show_product()
        self.compare()

    def shape(self, matrix):
        """The unit square with the two basis vectors, carried along by a matrix."""
        corners = [self.axes.c2p(*(matrix @ c)) for c in ((0, 0), (1, 0), (1, 1), (0, 1))]
        square = Polygon(*corners, color=BLUE, stroke_width=3).set_fill(BLUE, 0.3)
        arrows = (arrow(corners[0], corners[i], c) for i, c in ((1, GREEN), (3, RED)))
        return VGroup(square, *arrows)

    def named(self, name, matrix, at, size=28):
        colors = (GREEN, RED)
        block = VGroup(label(name, size), matrix_block(matrix, size, colors))
        block.arrange(RIGHT, buff=0.2)
        if block.width > 3:
            block.scale_to_fit_width(3)
        return block.move_to([*at, 0])

    def show_square(self):
        blocks = self.named("A =", self.a, (1.9, 2.1)), self.named("B =", self.b, (5.2, 2.1))
        self.drawn = self.shape(np.eye(2))
        self.play(FadeIn(self.axes), *map(FadeIn, blocks), run_time=0.8)
        self.play(FadeIn(self.drawn), run_time=0.6)
        self.say("The unit square and the two basis vectors", 0.5)

    def apply(self, before, matrix, words):
        self.say(words, 0)
        step = UpdateFromAlphaFunc(
            self.drawn,
            lambda m, a: m.become(self.shape(((1 - a) * np.eye(2) + a * matrix) @ before)),
        )
        self.play(step, run_time=2.2)
        self.wait(0.5)

    def show_product(self):
        product = self.a @ self.b
        self.say("One matrix does both at once: read its columns off", 0)
        self.play(FadeIn(self.named("A B =", product, (3.5, 0.85))), run_time=0.8)
        for column_index, (name, color, y) in enumerate(
            (("first", GREEN, 0), ("second", RED, -0.55))
        ):
            p, q = (number(v) for v in self.b[:, column_index])
            x, z = (number(v) for v in product[:, column_index])
            sign = equals(product[:, column_index])
            self.write(f"{name} column:  A ({p}, {q}) {sign} ({x}, {z})", (0.6, y - 0.15), color, 6)
        self.wait(0.8)

    def compare(self):
        other = self.b @ self.a
        same = np.allclose(other, self.a @ self.b)
        self.play(FadeIn(self.named("B A =", other, (3.5, -1.7))), run_time=0.8)
        if same:
            self.say("These two may change places: A B = B A. Most pairs may not", 2.4)
        else:
            self.say("In the other order something else comes out: A B ≠ B A", 2.4)
