"""The Gram-Schmidt process in the plane.

From two vectors make two that are perpendicular and have length 1. The first is only scaled. From
the second its projection on the first is taken away; what is left is perpendicular, and scaled as
well. Source: Strang, Introduction to Linear Algebra, section 4.4.

Parameters
----------
VECTOR_1 : vector of 2 numbers, entries in [-6, 6]
    The first vector a.
VECTOR_2 : vector of 2 numbers, entries in [-6, 6]
    The second vector b.

Example prompts
---------------
- How does Gram-Schmidt work?
- Gram-Schmidt for (3, 1) and (2, 2)
- Make two vectors orthonormal, step by step
- orthogonalise (2, 0) and (1, 3)

Keywords
--------
Gram-Schmidt, Gram Schmidt, orthonormal basis, orthogonalise, orthogonalize, orthonormalise,
orthonormal, perpendicular vectors, subtract the projection, QR decomposition, unit vectors,
normalise, orthogonal basis, orthogonalization

Subjects
--------
Gram-Schmidt process, Gram-Schmidt orthogonalization, making vectors orthonormal, orthonormal basis,
orthogonalising vectors

Not
---
Householder, Givens, QR algorithm: another way
Legendre, orthogonal polynomials: functions
QR algorithm for eigenvalues: no eigenvalues are found
dot product alone: it is only used here
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    ORANGE,
    RED,
    YELLOW,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    FadeOut,
    TransformFromCopy,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    arrow,
    chart_in,
    equals,
    number,
)

VECTOR_1 = [3, 1]
VECTOR_2 = [2, 2]

CENTER = (-3.4, 0.2)
NOTES = 0.4


def pair(vector):
    return f"({number(vector[0])}, {number(vector[1])})"


class GramSchmidt(CaptionedScene):
    def construct(self):
        self.a, self.b = np.array(VECTOR_1, dtype=float), np.array(VECTOR_2, dtype=float)
        self.begin("Gram-Schmidt: from two vectors to an orthonormal pair")
        if not self.a.any():
            self.explain("a = (0, 0)", "The zero vector has no direction to begin with")
            return
        self.project()
        self.show_vectors()
        self.scale_first()
        self.take_away()
        self.scale_second()

    def project(self):
        self.e1 = self.a / np.linalg.norm(self.a)
        self.dot = float(self.b @ self.a)
        self.shadow = self.dot / float(self.a @ self.a) * self.a
        self.rest = self.b - self.shadow

    def show_vectors(self):
        parts = (self.a, self.b, self.shadow, self.rest)
        reach = 1.15 * max(1.0, *(abs(v).max() for v in parts))
        self.axes = chart_in((-reach, reach), (-reach, reach), (4.9, 4.9), CENTER)
        self.first, self.second = self.draw(self.a, GREEN), self.draw(self.b, BLUE)
        self.play(FadeIn(self.axes), run_time=0.7)
        self.play(FadeIn(self.first), run_time=0.5)
        self.write(f"a = {pair(self.a)}", (NOTES, 2.3), GREEN)
        self.play(FadeIn(self.second), run_time=0.5)
        self.write(f"b = {pair(self.b)}", (NOTES, 1.75), BLUE)

    def draw(self, vector, color, start=(0, 0), width=6):
        end = np.array(start) + vector
        return arrow(self.axes.c2p(*start), self.axes.c2p(*end), color, width)

    def scale_first(self):
        length = float(np.linalg.norm(self.a))
        self.say("Scale the first vector to length 1", 0)
        self.write(f"|a| {approx(length)}", (NOTES, 1.1))
        self.unit_1 = self.draw(self.e1, YELLOW, width=8).set_z_index(3)
        self.play(FadeIn(self.unit_1), run_time=0.7)
        self.write(f"e₁ = a / |a| {equals(self.e1)} {pair(self.e1)}", (NOTES, 0.55), YELLOW)

    def take_away(self):
        self.say("Drop b onto the line of a: its projection", 0)
        shadow = self.draw(self.shadow, RED, width=5)
        ends = self.axes.c2p(*self.b), self.axes.c2p(*self.shadow)
        drop = DashedLine(*ends, color=GREY_B) if np.linalg.norm(self.rest) > 0.1 else Dot(ends[1])
        self.play(Create(drop), FadeIn(shadow), run_time=0.9)
        self.write(
            f"p = (b · a / a · a) a {equals(self.shadow)} {pair(self.shadow)}",
            (NOTES, -0.1),
            RED,
            6.4,
        )
        self.say("Take it away from b: what is left stands at right angles to a", 0)
        left = self.draw(self.rest, ORANGE)
        self.play(FadeOut(drop), TransformFromCopy(self.second, left), run_time=1.3)
        self.write(f"b − p {equals(self.rest)} {pair(self.rest)}", (NOTES, -0.65), ORANGE)
        faded = (m.animate.set_opacity(0.35) for m in (self.first, self.second, shadow, left))
        self.play(*faded, run_time=0.5)

    def scale_second(self):
        length = float(np.linalg.norm(self.rest))
        if length < 1e-6:
            self.say(
                "Nothing is left: b lies on the line of a, so there is no second direction", 2.6
            )
            return
        e2 = self.rest / length
        self.say("Scale it to length 1 as well", 0)
        self.play(FadeIn(self.draw(e2, YELLOW, width=8).set_z_index(3)), run_time=0.7)
        words = f"e₂ = (b − p) / {number(length)} {equals(e2)} {pair(e2)}"
        self.write(words, (NOTES, -1.3), YELLOW, 6.4)
        self.write("e₁ · e₂ = 0,  |e₁| = |e₂| = 1", (NOTES, -1.95))
        self.say("An orthonormal pair that spans the same plane", 2.4)
