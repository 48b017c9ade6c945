"""Change of basis: one vector, two pairs of coordinates.

The arrow stays where it is. Its coordinates say how many steps of each basis vector lead to its
tip, so another basis gives other numbers: solve x·b₁ + y·b₂ = v. Source: Strang, Introduction to
Linear Algebra, section 8.2.

Parameters
----------
VECTOR : vector of 2 numbers, entries in [-6, 6]
    The arrow, in standard coordinates.
BASIS_1 : vector of 2 numbers, entries in [-4, 4]
    First vector of the new basis.
BASIS_2 : vector of 2 numbers, entries in [-4, 4]
    Second vector of the new basis; not on the line of the first.

Example prompts
---------------
- What is a change of basis?
- Show the coordinates of the vector (3, 2) in the basis (2, 1) and (-1, 1)
- How can one vector have different coordinates in another coordinate system?
- Express v = (4, 1) in the basis b1 = (1, 1), b2 = (1, -1)
- Why do the numbers of a vector depend on the basis

Keywords
--------
change of basis, basis, bases, coordinates, coordinate system, new basis, standard basis,
components, linear combination, translate coordinates, another basis, transition matrix, in terms
of, express in terms of, old basis, coordinate vector

Subjects
--------
coordinates relative to, relative to the basis, with respect to the basis, respect to another basis,
change of basis, basis change, changing basis, new basis, another basis, different basis, different
bases, other basis vectors, coordinates in the basis, standard basis, coordinates in a basis,
coordinates of a vector, coordinate vector, change of coordinates, in the basis, terms of, another
coordinate system, vector in two bases, transition matrix, old basis, depend on the basis

Not
---
orthonormal basis: Gram-Schmidt makes one
basis functions: of splines
polar coordinates, spherical coordinates, barycentric coordinates: another kind
basis of the kernel: null space
Gröbner: polynomials
basis for taxation: money
Gram-Schmidt: makes a basis orthogonal
Markov: a chain
"""

import numpy as np
from manim import (
    BLUE_D,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    RED,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    GrowArrow,
    Line,
    ReplacementTransform,
    Scene,
    VGroup,
    Write,
)

from shaperotator_magic.writing.scenes._stage import axis_numbers, label, number, replace_words

VECTOR = [3, 2]
BASIS_1 = [2, 1]
BASIS_2 = [-1, 1]

LEFT_EDGE, RIGHT_EDGE, FLOOR, CEILING = -6.35, 2.1, -2.65, 2.85  # the drawing's part of the frame


def pair(vector):
    return f"({number(vector[0])}, {number(vector[1])})"


def clip(start, direction):
    """The part of a line inside the drawing: Liang and Barsky's clipping."""
    low, high = -np.inf, np.inf
    limits = ((LEFT_EDGE, RIGHT_EDGE), (FLOOR, CEILING))
    for at, step, (first, last) in zip(start, direction, limits, strict=False):
        if abs(step) < 1e-12:
            if not first <= at <= last:
                return None
            continue
        ends = sorted(((first - at) / step, (last - at) / step))
        low, high = max(low, ends[0]), min(high, ends[1])
    return (start + low * direction, start + high * direction) if low < high else None


class ChangeOfBasis(Scene):
    def construct(self):
        self.v = np.array(VECTOR, dtype=float)
        self.b1, self.b2 = np.array(BASIS_1, dtype=float), np.array(BASIS_2, dtype=float)
        self.is_basis = abs(self.b1[0] * self.b2[1] - self.b1[1] * self.b2[0]) > 1e-9
        self.caption = VGroup()
        self.choose_scale()
        title = label("One vector, two sets of coordinates", 40).to_edge(UP, buff=0.3)
        self.play(Write(title), run_time=1)
        self.show_standard()
        if self.is_basis:
            self.show_new_basis()
        else:
            self.explain_dependence()

    def choose_scale(self):
        points = [(0, 0), self.v, self.b1, self.b2, (self.v[0], 0), (1, 1)]
        if self.is_basis:
            self.steps = np.linalg.solve(np.array([self.b1, self.b2]).T, self.v)
            points.append(self.steps[0] * self.b1)
        low, high = np.min(points, axis=0), np.max(points, axis=0)
        width, height = RIGHT_EDGE - LEFT_EDGE - 1.2, CEILING - FLOOR - 1.0
        self.unit = min(1.0, width / max(high[0] - low[0], 1), height / max(high[1] - low[1], 1))
        middle = np.array([(LEFT_EDGE + RIGHT_EDGE) / 2, (FLOOR + CEILING) / 2, 0])
        self.origin = middle - self.unit * np.array([*((low + high) / 2), 0])

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def at(self, vector):
        return self.origin + self.unit * np.array([*vector, 0])

    def arrow(self, start, vector, color, width=7):
        length = self.unit * np.linalg.norm(vector)
        if length < 0.08:
            return Dot(self.at(start), radius=0.1, color=color).set_z_index(3)
        tip = min(0.26, 0.45 * length)
        ends = (self.at(start), self.at(np.array(start) + vector))
        arrow = Arrow(*ends, buff=0, stroke_width=width, color=color, tip_length=tip)
        return arrow.set_z_index(3)

    def build_grid(self, u, w, color):
        """The lines of whole steps of u and w, as far as they are in the drawing."""
        lines = VGroup()
        for along, across in ((u, w), (w, u)):
            direction = np.array([*along, 0]) / np.linalg.norm(along)
            for k in range(-40, 41):
                ends = clip(self.at(k * np.array(across)), direction)
                if ends is not None:
                    bold = 2.6 if k == 0 else 1.2
                    lines.add(Line(*ends, color=color, stroke_width=bold, stroke_opacity=0.75))
        return lines

    def row(self, words, color, y):
        made = label(words, 30, color)
        made.scale_to_fit_width(min(made.width, 4.3))
        return made.move_to([2.5, y, 0], aligned_edge=LEFT)

    def show_standard(self):
        self.grid = self.build_grid(np.array([1, 0]), np.array([0, 1]), BLUE_D)
        box = ((LEFT_EDGE, FLOOR), (RIGHT_EDGE, CEILING))
        self.numbers = axis_numbers(self.origin, self.unit, box, box[0])
        self.play(Create(self.grid), FadeIn(self.numbers), run_time=1)
        vector = self.arrow((0, 0), self.v, YELLOW, 8)
        self.play(GrowArrow(vector) if isinstance(vector, Arrow) else FadeIn(vector), run_time=0.8)
        self.say("The yellow arrow is where it is, whatever we call it")
        x, y = self.v
        path = [
            self.arrow((0, 0), np.array([x, 0]), GREEN),
            self.arrow((x, 0), np.array([0, y]), RED),
        ]
        self.play(FadeIn(path[0]), run_time=0.6)
        self.play(FadeIn(path[1]), run_time=0.6)
        self.play(FadeIn(self.row("in steps of the standard grid", GREY_B, 2.4)), run_time=0.4)
        self.play(FadeIn(self.row(f"v = {pair(self.v)}", YELLOW, 1.8)), run_time=0.5)
        self.say(f"{number(x)} steps across and {number(y)} up: these are its usual coordinates")
        self.wait(1)
        self.play(FadeOut(*path), run_time=0.5)

    def show_new_basis(self):
        first, second = self.arrow((0, 0), self.b1, GREEN), self.arrow((0, 0), self.b2, RED)
        self.play(FadeIn(first), FadeIn(second), run_time=0.6)
        self.play(FadeIn(self.row(f"b₁ = {pair(self.b1)}", GREEN, 0.75)), run_time=0.4)
        self.play(FadeIn(self.row(f"b₂ = {pair(self.b2)}", RED, 0.2)), run_time=0.4)
        self.say("Now take two other vectors as the steps")
        grid = self.build_grid(self.b1, self.b2, BLUE_D)
        # The numbers count steps of the old grid.
        self.play(ReplacementTransform(self.grid, grid), FadeOut(self.numbers), run_time=2)
        p, q = self.steps
        path = [
            self.arrow((0, 0), p * self.b1, GREEN, 6),
            self.arrow(p * self.b1, q * self.b2, RED, 6),
        ]
        self.play(FadeOut(first), FadeIn(path[0]), run_time=0.8)
        self.play(FadeOut(second), FadeIn(path[1]), run_time=0.8)
        sign = "−" if q < 0 else "+"
        self.play(FadeIn(self.row("in steps of the new grid", GREY_B, -0.65)), run_time=0.4)
        sum_text = f"v = {number(p)} b₁ {sign} {number(abs(q))} b₂"
        self.play(FadeIn(self.row(sum_text, WHITE, -1.2)), run_time=0.5)
        self.play(FadeIn(self.row(f"v = {pair(self.steps)}", YELLOW, -1.8)), run_time=0.5)
        self.say("The same arrow has new coordinates: they count steps of b₁ and b₂")
        self.wait(2.5)

    def explain_dependence(self):
        first, second = self.arrow((0, 0), self.b1, GREEN), self.arrow((0, 0), self.b2, RED)
        self.play(FadeIn(first), FadeIn(second), run_time=0.6)
        self.say(f"{pair(self.b1)} and {pair(self.b2)} lie on one line")
        self.wait(1.5)
        self.say("Steps along one line never leave it, so they are not a basis of the plane")
        self.wait(2.5)
