"""The singular value decomposition in the plane: turn, stretch, turn.

Every matrix is A = U Σ Vᵀ. Vᵀ turns the plane so that two perpendicular directions v₁ and v₂ lie
on the axes, Σ stretches the axes by the singular values σ₁ ≥ σ₂ ≥ 0, U turns the result (and
mirrors it where det A < 0). So the unit circle becomes an ellipse with the half axes σ₁ and σ₂.
Source: Trefethen and Bau, Numerical Linear Algebra, lectures 4 and 5.

Parameters
----------
MATRIX : 2x2 matrix, entries in [-5, 5]
    The matrix that is taken apart.

Example prompts
---------------
- What is the singular value decomposition?
- SVD of [[1, 2], [3, 4]]
- Why does a matrix turn the unit circle into an ellipse?
- singular values of [[3, 0], [4, 5]] as half axes

Keywords
--------
singular value decomposition, SVD, singular values, singular vectors, U Sigma V transpose, rotate
stretch rotate, ellipse, unit circle to ellipse, half axes, matrix factorisation, matrix
factorization, low rank, orthogonal matrices, polar decomposition, principal axes of a matrix

Subjects
--------
ellipse of a matrix, matrix make of the unit circle, U Sigma V,
singular value decomposition, SVD, singular values, singular vectors, image of the unit circle
under a matrix, U Σ Vᵀ

Not
---
3x3, 4x4, 5x5, 2x3, 3x2: two rows and two columns only
LU, QR, Cholesky, Jordan, Schur, polar decomposition, eigendecomposition: another decomposition
latent semantic, recommender, image compression: an application
singularity, singular point: no matrix
eigenvalue decomposition: directions here are turned, not kept
principal component analysis: there are no data
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    RIGHT,
    YELLOW,
    FadeIn,
    UpdateFromAlphaFunc,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    arrow,
    chart_in,
    equals,
    graph,
    label,
    matrix_block,
    number,
    turn,
)

MATRIX = [[2, 1], [0.5, 1.5]]

CENTER = (-3.3, 0.2)


def decompose(matrix):
    """U, the singular values and V, where V only turns."""
    u, sigma, vt = np.linalg.svd(np.array(matrix, dtype=float))
    if np.linalg.det(vt) < 0:
        vt[1], u[:, 1] = -vt[1], -u[:, 1]
    side = -1 if vt[0, 0] < 0 else 1  # v₁ points to the right
    return side * u, sigma, side * vt.T


def angle_of(vector):
    return float(np.arctan2(vector[1], vector[0]))


class SingularValues(CaptionedScene):
    def construct(self):
        self.begin("Singular values: turn, stretch, turn")
        self.u, self.sigma, self.v = decompose(MATRIX)
        self.mirrors = np.linalg.det(self.u) < 0
        reach = 1.25 * max(1.0, self.sigma[0])
        self.axes = chart_in((-reach, reach), (-reach, reach), (4.9, 4.9), CENTER)
        self.show_circle()
        self.turn_first()
        self.stretch()
        self.turn_last()
        self.conclude()

    def shape(self, matrix):
        """The unit circle with v₁ and v₂, carried along by a matrix."""
        turns = np.linspace(0, 2 * np.pi, 73)
        points = matrix @ np.array([np.cos(turns), np.sin(turns)])
        zero = self.axes.c2p(0, 0)
        ends = [self.axes.c2p(*(matrix @ self.v[:, i])) for i in (0, 1)]
        arrows = (arrow(zero, end, c) for end, c in zip(ends, (YELLOW, GREEN), strict=True))
        return VGroup(graph(self.axes, *points, BLUE), *arrows)

    def carry(self, path, run_time=2.0):
        move = UpdateFromAlphaFunc(self.drawn, lambda m, a: m.become(self.shape(path(a))))
        self.play(move, run_time=run_time)

    def show_circle(self):
        block = VGroup(label("A =", 30), matrix_block(MATRIX)).arrange(RIGHT, buff=0.2)
        block.move_to([3.4, 2.1, 0])
        self.play(FadeIn(self.axes), FadeIn(block), run_time=0.8)
        self.drawn = self.shape(np.eye(2))
        self.play(FadeIn(self.drawn), run_time=0.7)
        self.say("The unit circle, and two perpendicular directions v₁ and v₂", 0.4)
        self.write_vector("v₁", self.v[:, 0], 1.1, YELLOW)
        self.write_vector("v₂", self.v[:, 1], 0.55, GREEN)

    def write_vector(self, name, vector, y, color):
        x, y_part = (number(value, 3) for value in vector)
        self.write(f"{name} {equals(vector, 3)} ({x}, {y_part})", (1.3, y), color)

    def turn_first(self):
        self.say("First Vᵀ turns them onto the axes", 0)
        angle = -angle_of(self.v[:, 0])
        self.carry(lambda a: turn(a * angle))
        self.turned = self.v.T
        self.wait(0.3)

    def stretch(self):
        self.say("Then Σ stretches along the axes, by the singular values", 0)
        self.carry(lambda a: np.diag(1 - a + a * self.sigma) @ self.turned)
        self.write(f"σ₁ {approx(self.sigma[0], 3)}", (1.3, -0.1), YELLOW)
        self.write(f"σ₂ {approx(self.sigma[1], 3)}", (1.3, -0.65), GREEN)

    def turn_last(self):
        stretched = np.diag(self.sigma) @ self.turned
        mirror = np.diag([1.0, -1.0]) if self.mirrors else np.eye(2)
        if self.mirrors:
            self.say("U mirrors, since det A is negative …", 0)
            self.carry(lambda a: np.diag([1, 1 - 2 * a]) @ stretched, 1.4)
            self.say("… and turns the ellipse into its place", 0)
        else:
            self.say("Last U turns the ellipse into its place", 0)
        angle = angle_of(self.u[:, 0])
        self.carry(lambda a: turn(a * angle) @ mirror @ stretched)
        self.wait(0.3)

    def conclude(self):
        parts = VGroup(
            label("A ≈", 26),
            matrix_block(self.u, 24),
            matrix_block(np.diag(self.sigma), 24),
            matrix_block(self.v.T, 24),
        ).arrange(RIGHT, buff=0.2)
        if parts.width > 6.4:
            parts.scale_to_fit_width(6.4)
        parts.move_to([3.5, -1.7, 0])
        self.play(FadeIn(parts), run_time=0.8)
        self.say("A = U Σ Vᵀ: turn, stretch, turn", 1.2)
        if self.sigma[0] < 1e-9:
            self.say("Both singular values are 0: everything falls into one point", 2.4)
        elif self.sigma[1] < 1e-9:
            self.say("σ₂ = 0: the circle is flattened, the matrix has rank 1", 2.4)
        else:
            self.say("The half axes of the ellipse are as long as the singular values", 2.4)
