"""Rank and null space of a 2x2 matrix.

The column space holds all vectors A v; its dimension is the rank. The null space holds all v with
A v = 0. Dimensions add up: rank + dimension of the null space = 2, the number of columns. Source:
Strang, Introduction to Linear Algebra, chapter 3.

Parameters
----------
MATRIX : 2x2 matrix, entries in [-5, 5]
    The matrix.

Example prompts
---------------
- What are rank and null space of a matrix?
- rank and null space of [[1, 2], [2, 4]]
- Show the image and the kernel of [[3, 1], [6, 2]]
- Which vectors does a matrix send to zero?

Keywords
--------
rank, nullspace, null space, kernel, image, nullity, rank nullity theorem, dimension, singular,
full rank, rank deficient, send to zero, range, dependent columns, solution of Ax = 0

Subjects
--------
rank, rank of a matrix, null space, kernel of a matrix, column space, image of a matrix, nullity,
rank-nullity theorem, full rank, rank deficient matrix

Not
---
3x3, 4x4, 5x5, 2x3, 3x2: two rows and two columns only
Spearman, rank correlation, PageRank, ranking, military rank: no matrix
null hypothesis, null pointer: no matrix
kernel of a convolution: this kernel is what a matrix sends to zero
rank of a tensor: two by two matrices only
ranking: nothing is put in order
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Dot,
    FadeIn,
    Line,
    Rectangle,
    TransformFromCopy,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    chart_in,
    label,
    matrix_block,
    number,
)

MATRIX = [[1, 2], [2, 4]]

LEFT_CENTER, RIGHT_CENTER = (-4.15, 0.0), (1.3, 0.0)
SIDE = 4.1


class RankNullSpace(CaptionedScene):
    def construct(self):
        self.matrix = np.array(MATRIX, dtype=float)
        self.begin("Rank and null space")
        singular = np.linalg.svd(self.matrix)[1]
        self.rank = int((singular > 1e-9 * max(1.0, singular[0])).sum())
        self.show_planes()
        self.show_images()
        self.show_column_space()
        self.show_null_space()
        self.conclude()

    def show_planes(self):
        reach = max(1.0, 1.1 * np.linalg.svd(self.matrix)[1][0])
        self.before = chart_in((-1.2, 1.2), (-1.2, 1.2), (SIDE, SIDE), LEFT_CENTER)
        self.after = chart_in((-reach, reach), (-reach, reach), (SIDE, SIDE), RIGHT_CENTER)
        names = VGroup(label("v", 30), label("A v", 30))
        for name, axes in zip(names, (self.before, self.after), strict=True):
            name.next_to(axes.c2p(0, axes.y_range[1]), UP, buff=0.15)
        block = VGroup(label("A =", 27), matrix_block(MATRIX, 27)).arrange(RIGHT, buff=0.15)
        if block.width > 2.7:
            block.scale_to_fit_width(2.7)
        block.move_to([5.5, 1.7, 0])
        self.play(FadeIn(self.before, self.after, names), FadeIn(block), run_time=1)

    def arrows(self, axes, vectors, color):
        return VGroup(*(arrow(axes.c2p(0, 0), axes.c2p(*v), color, 4) for v in vectors))

    def show_images(self):
        turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        vectors = [np.array([np.cos(t), np.sin(t)]) for t in turns]
        start = self.arrows(self.before, vectors, BLUE)
        self.say("Left: vectors v in all directions", 0)
        self.play(FadeIn(start, lag_ratio=0.1), run_time=0.9)
        images = self.arrows(self.after, [self.matrix @ v for v in vectors], GREEN)
        self.say("Right: what the matrix makes of each", 0)
        self.play(TransformFromCopy(start, images), run_time=1.6)
        self.wait(0.5)
        self.play(start.animate.set_opacity(0.3), images.animate.set_opacity(0.4), run_time=0.4)

    def line(self, axes, direction, color):
        reach = axes.x_range[1]
        end = reach * direction / max(abs(direction))
        return Line(axes.c2p(*(-end)), axes.c2p(*end), color=color, stroke_width=6)

    def area(self, axes, color):
        box = Rectangle(width=SIDE, height=SIDE, stroke_width=0).set_fill(color, 0.25)
        return box.move_to(axes.c2p(0, 0))

    def show_column_space(self):
        """All that comes out: the plane, a line or the zero vector."""
        if self.rank == 2:
            space, words = self.area(self.after, YELLOW), "Column space: every vector comes out"
        elif self.rank == 1:
            best = max(self.matrix.T, key=lambda c: abs(c).max())
            space = self.line(self.after, best, YELLOW)
            words = "Column space: only a line comes out, along the columns"
        else:
            space = Dot(self.after.c2p(0, 0), radius=0.14, color=YELLOW)
            words = "Column space: nothing but the zero vector comes out"
        self.play(FadeIn(space), run_time=0.8)
        self.say(words, 1)

    def show_null_space(self):
        """All that becomes zero: the zero vector, a line or the plane."""
        if self.rank == 2:
            space = Dot(self.before.c2p(0, 0), radius=0.14, color=RED)
            words = "Null space: only the zero vector is sent to 0"
        elif self.rank == 1:
            direction = self.null_direction()
            space = self.line(self.before, direction, RED)
            x, y = direction
            words = f"Null space: A ({number(x)}, {number(y)}) = 0, and so all along this line"
        else:
            space, words = self.area(self.before, RED), "Null space: every vector is sent to 0"
        self.play(FadeIn(space), run_time=0.8)
        self.say(words, 1)
        if self.rank == 1:
            gone = self.arrows(self.before, [direction / np.linalg.norm(direction)], RED)
            zero = Dot(self.after.c2p(0, 0), radius=0.12, color=RED)
            self.play(TransformFromCopy(gone[0], zero), run_time=1)

    def null_direction(self):
        """A vector that is sent to zero, in whole multiples of the entries."""
        a, b = max(self.matrix, key=lambda row: abs(row).max())
        direction = np.array([b, -a]) if b > 0 or (b == 0 and a < 0) else np.array([-b, a])
        whole = [abs(v) for v in direction if v and float(v).is_integer()]
        if all(float(v).is_integer() for v in direction):
            direction = direction / np.gcd.reduce([int(v) for v in whole])
        return direction + 0.0

    def conclude(self):
        nullity = 2 - self.rank
        rows = [f"rank = {self.rank}", f"null space: {nullity}", f"{self.rank} + {nullity} = 2"]
        for words, y, color in zip(rows, (0.3, -0.3, -0.9), (YELLOW, RED, WHITE), strict=True):
            self.write(words, (4.3, y), color, 2.6)
        self.say("The two dimensions add up to the number of columns", 2.4)
