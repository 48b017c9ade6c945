"""A tensor as stacked boxes of numbers: scalar, vector, matrix, 3-tensor.

A tensor here is what NumPy and PyTorch mean: a box of numbers with some number of axes. Its shape
lists how many places each axis has; one index for each axis picks one number. Stacking equal
tensors adds an axis in front. The numbers count up in the order in which memory holds them.

Parameters
----------
SHAPE : vector of 3 numbers, entries in [2, 4]
    How many matrices, rows and columns the 3-tensor has.

Example prompts
---------------
- What is a tensor? Show scalar, vector, matrix and 3-tensor
- Explain the shape of a tensor of shape (2, 3, 4)
- how do tensors in PyTorch stack, and what do the axes and indices mean
- Show a 3D array as stacked matrices of numbers
- rank, axes and dimensions of a numpy array

Keywords
--------
tensor, scalar, vector, matrix, array, ndarray, shape, axis, axes, rank, dimension, index, indexing,
NumPy, PyTorch, TensorFlow, stack, slice, 3D array, batch, data structure, multidimensional array,
numbers in boxes, array axes, dimensions of an array, shape of an array

Subjects
--------
tensor, tensors, what is a tensor, shape of a tensor, tensor shape, 3D array, 3D tensor, stacked
matrices, multidimensional array, multidimensional arrays, numpy array, numpy arrays, ndarray, array
axes, axes of an array, axes and shape, shape of a numpy array, shape of an array, scalar vector
matrix tensor, scalars vectors matrices, boxes of numbers, PyTorch tensor, axes of a tensor

Not
---
rank of a tensor, tensor rank, CP decomposition, Tucker, tensor train: a decomposition
metric tensor, curvature tensor, Riemann tensor: geometry
stress tensor, inertia tensor, strain tensor: mechanics
tensor product: algebra
TensorFlow install: software
tensor field, tensor calculus, general relativity, Einstein notation, covariant, contravariant,
    electromagnetic tensor, Levi-Civita: physics
tensor decomposition: factors
hash array, dynamic array: data
solar array: energy
broadcasting: two arrays
tensor core, tensor processing: hardware
matrix multiplication: a composition
diffusion tensor, tensor fasciae: medicine
einsum: sums
tensor network: quantum
microphone array: sound
antenna array: radio
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    Indicate,
    LaggedStart,
    Scene,
    Square,
    Text,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import replace_words

SHAPE = [3, 3, 4]

COLORS = [BLUE, GREEN, YELLOW, RED]


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


class TensorBoxes(Scene):
    def construct(self):
        self.caption, self.shape = VGroup(), VGroup()
        self.counts = [round(n) for n in SHAPE]
        count, rows, columns = self.counts
        self.side = min(0.95, 12.8 / (count * columns + 0.6 * (count - 1)), 3.6 / rows)
        self.numbers = np.arange(np.prod(self.counts)).reshape(self.counts)
        self.play(
            FadeIn(label("Tensors are boxes of numbers", 40).to_edge(UP, buff=0.3)), run_time=0.6
        )
        self.build_slices()
        self.grow()
        self.spread()
        self.pick_one()
        self.wait(2)

    def say(self, words, shape=None):
        """Replace the caption at the bottom, and the shape above it if one is given."""
        new = label(words, 28).to_edge(DOWN, buff=0.3)
        moves = [*replace_words(self.caption, new)]
        if shape is not None:
            sign = label(f"shape {shape}", 34, YELLOW).move_to([0, -2.65, 0])
            moves += replace_words(self.shape, sign, rise=0)
            self.shape = sign
        self.play(*moves, run_time=0.5)
        self.caption = new

    def cell(self, number, color):
        box = Square(self.side, color=color, stroke_width=3).set_fill("#101010", opacity=1)
        return VGroup(box, label(str(number), 30))

    def build_slices(self):
        """Every matrix as a VGroup of rows; ``slices[i][j][k]`` is the cell of T[i, j, k]."""
        self.slices = VGroup()
        for i, matrix in enumerate(self.numbers):
            rows = VGroup()
            for row in matrix:
                rows.add(VGroup(*(self.cell(n, COLORS[i]) for n in row)).arrange(RIGHT, buff=0))
            self.slices.add(rows.arrange(DOWN, buff=0))

    def grow(self):
        first = self.slices[0]
        scalar = first[0][0].copy().move_to([0, 0.2, 0])
        self.play(FadeIn(scalar, scale=1.5), run_time=0.6)
        self.say("A scalar is one number: no axis, no index", "()")
        self.wait(0.7)
        row = first[0].copy().move_to([0, 0.2, 0])
        self.play(scalar.animate.move_to(row[0]), run_time=0.5)
        self.play(LaggedStart(*(FadeIn(c, shift=0.3 * RIGHT) for c in row[1:]), lag_ratio=0.3))
        self.remove(scalar)
        self.add(row)
        _, rows, columns = self.counts
        self.say(f"A vector is {columns} of them in a row: one axis", f"({columns},)")
        self.wait(0.7)
        first.move_to([0, 0.2, 0])
        self.play(row.animate.move_to(first[0]), run_time=0.5)
        self.play(LaggedStart(*(FadeIn(r, shift=0.3 * DOWN) for r in first[1:]), lag_ratio=0.4))
        self.remove(row)
        self.add(first)
        self.say(f"A matrix is {rows} vectors of the same length: two axes", f"({rows}, {columns})")
        self.wait(0.7)

    def spread(self):
        """Stack the matrices behind each other, then pull them apart to be read."""
        count, rows, columns = self.counts
        step = np.array([0.42, 0.32, 0])
        goal = [0.2 * UP + (i - (count - 1) / 2) * step for i in range(count)]
        self.play(self.slices[0].animate.move_to(goal[0]), run_time=0.5)
        for i in range(1, count):
            self.slices[i].move_to(goal[i]).set_z_index(-i)
            self.numbers_of(i).set_opacity(0)  # they could not be read behind the first matrix
            self.play(FadeIn(self.slices[i], shift=-step), run_time=0.6)
        self.say(
            f"A 3-tensor is {count} matrices of the same shape: three axes",
            f"({count}, {rows}, {columns})",
        )
        self.wait(1)
        apart = 0.6 * self.side
        self.play(self.slices.animate.arrange(RIGHT, buff=apart).move_to([0, 0.2, 0]), run_time=1.2)
        hidden = [self.numbers_of(i).animate.set_opacity(1) for i in range(1, count)]
        self.play(*hidden, run_time=0.6)
        names = VGroup(
            *(
                label(f"T[{i}]", 28, COLORS[i]).next_to(s, UP, buff=0.2)
                for i, s in enumerate(self.slices)
            )
        )
        self.play(FadeIn(names), run_time=0.5)
        total = count * rows * columns
        self.say(f"{count} × {rows} × {columns} = {total} numbers. T[i] picks a matrix")
        self.wait(0.8)

    def numbers_of(self, i):
        return VGroup(*(cell[1] for row in self.slices[i] for cell in row))

    def pick_one(self):
        i, j, k = self.counts[0] - 1, 0, 1
        chosen = self.slices[i][j][k]
        others = [c for s in self.slices for r in s for c in r if c is not chosen]
        self.say(
            f"T[{i}, {j}] picks a row, and T[{i}, {j}, {k}] = {self.numbers[i, j, k]} one number"
        )
        self.play(Indicate(self.slices[i][j], color=WHITE, scale_factor=1.05), run_time=1)
        self.play(
            *(c.animate.set_opacity(0.35) for c in others), chosen[0].animate.set_fill(RED, 0.6)
        )
        self.say("Indices count from 0; the last axis runs fastest in memory")
