"""Span and linear independence of two vectors in the plane.

The span of v and w is everything that a v + b w reaches. Two vectors that point different ways
reach the whole plane, each place in exactly one way; two on one line reach only that line. Source:
Strang, Introduction to Linear Algebra, section 3.4.

Parameters
----------
V : vector of 2 numbers, entries in [-4, 4]
    The first vector.
W : vector of 2 numbers, entries in [-4, 4]
    The second vector.

Example prompts
---------------
- What is the span of two vectors?
- Are (1, 2) and (2, 4) linearly independent?
- linear independence and linear combinations
- When do two vectors fill the whole plane?

Keywords
--------
span, linear independence, linearly independent, linearly dependent, linear dependence, linear
combination, linear combinations, independent vectors, spanning, fill the plane, collinear, basis of
the plane, redundant vector, combination of vectors

Subjects
--------
linear independence, linearly independent, linearly dependent, linear dependence, linear
independence of vectors, span, span of two vectors, spanning set, linear combination, linear
combinations, combination of vectors, span the plane, fill the plane, independent vectors, collinear
vectors, redundant vector

Not
---
independence of events, independent events, statistical independence, conditional independence,
    independence of two events, independent random variables: probability
spanning tree, independent set: graphs
attention span: psychology
independent variables, independence test: statistics
life span: biology
span of a bridge: building
independence day, declaration of independence: history
rank: of a matrix
wing span: aircraft
Wronskian: of functions
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    GREY_D,
    RED,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    GrowFromPoint,
    LaggedStart,
    Line,
    TransformFromCopy,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    axis_numbers,
    column,
    label,
    number,
)

V = [2, 1]
W = [-1, 1.5]

LOW, HIGH = np.array([-6.2, -2.65]), np.array([2.3, 2.75])
CENTER = (LOW + HIGH) / 2


class LinearIndependence(CaptionedScene):
    def construct(self):
        self.v, self.w = np.array(V, dtype=float), np.array(W, dtype=float)
        self.determinant = self.v[0] * self.w[1] - self.v[1] * self.w[0]
        reach = [self.v, self.w, 2 * self.v, 2 * self.v - self.w, self.v + self.w]
        self.unit = 2.6 / max(1.0, *(np.linalg.norm(p) for p in reach))
        self.begin("What do two vectors reach? Their span")
        self.show_vectors()
        if not self.v.any() and not self.w.any():
            self.say("Both are zero: they reach nothing but the origin", 2.4)
            self.say("So they are not independent: 1·v + 0·w is zero already", 2.4)
        elif abs(self.determinant) < 1e-9:
            self.show_line()
        else:
            self.sweep_plane()
            self.reach_point()

    def at(self, point):
        return np.array([*(CENTER + self.unit * np.asarray(point)), 0])

    def line_along(self, direction, through):
        """The part inside the drawing of a line; None where it misses it."""
        direction = direction / np.linalg.norm(direction)
        start = CENTER + self.unit * np.asarray(through, dtype=float)
        first, last = -30.0, 30.0
        for axis in range(2):
            if abs(direction[axis]) < 1e-9:
                if not LOW[axis] < start[axis] < HIGH[axis]:
                    return None
                continue
            times = sorted((e[axis] - start[axis]) / direction[axis] for e in (LOW, HIGH))
            first, last = max(first, times[0]), min(last, times[1])
        if first >= last:
            return None
        ends = [np.array([*(start + t * direction), 0]) for t in (first, last)]
        return Line(*ends, color=GREY_B, stroke_width=2)

    def show_vectors(self):
        axes = VGroup(self.line_along(np.array([1, 0]), (0, 0)),
                      self.line_along(np.array([0, 1]), (0, 0)))  # fmt: skip
        axes.set_color(GREY_D).add(axis_numbers(CENTER, self.unit, (LOW, HIGH), LOW))
        pairs = [f"({number(p[0])}, {number(p[1])})" for p in (self.v, self.w)]
        self.rows = column(
            [label(f"v = {pairs[0]}", 32, GREEN), label(f"w = {pairs[1]}", 32, BLUE)], (4.7, 1.9)
        )
        origin = self.at((0, 0))
        self.arrows = VGroup(
            arrow(origin, self.at(self.v), GREEN), arrow(origin, self.at(self.w), BLUE)
        )
        self.play(FadeIn(axes), run_time=0.5)
        self.play(FadeIn(self.arrows[0]), FadeIn(self.rows[0]), run_time=0.6)
        self.play(FadeIn(self.arrows[1]), FadeIn(self.rows[1]), run_time=0.6)
        self.say("Stretch v and w by any numbers, and add: a · v + b · w", 0.8)

    def show_line(self):
        along = self.v if self.v.any() else self.w
        line = self.line_along(along, (0, 0)).set_color(GREEN)
        self.say("The multiples of one of them make a line", 0)
        self.play(Create(line), run_time=1.2)
        self.say("The other one lies on the same line: it adds nothing new", 1.2)
        step = along / np.linalg.norm(along) * 0.42 / self.unit
        dots = VGroup(*(Dot(self.at(k * step), radius=0.07, color=YELLOW) for k in range(-6, 7)))
        self.play(LaggedStart(*(FadeIn(d, scale=2) for d in dots), lag_ratio=0.1), run_time=1.5)
        result = column(
            [label("linearly dependent", 32, RED), label("span: a line", 32, RED)],
            (4.7, 0.2),
            width=3.9,
        )
        self.play(FadeIn(result), run_time=0.6)
        self.say("All combinations stay on this line: v and w are linearly dependent", 2.2)

    def sweep_plane(self):
        self.say("The multiples of v make a line", 0)
        first = self.line_along(self.v, (0, 0)).set_color(GREEN)
        self.play(Create(first), run_time=0.8)
        self.say("Add w, 2w, −w, … : the line moves across the plane", 0)
        lines = [self.line_along(self.v, k * self.w) for k in range(-30, 31) if k]
        lines = VGroup(*(line for line in lines if line is not None))
        cross = [self.line_along(self.w, k * self.v) for k in range(-30, 31)]
        cross = VGroup(*(line for line in cross if line is not None)).set_opacity(0.5)
        copies = (TransformFromCopy(first, line) for line in lines[:40])
        self.play(LaggedStart(*copies, lag_ratio=0.1), run_time=2)
        self.play(FadeIn(cross[:40]), run_time=0.7)
        result = column(
            [label("linearly independent", 32, YELLOW), label("span: the plane", 32, YELLOW)],
            (4.7, 0.2),
            width=3.9,
        )
        self.play(FadeIn(result), run_time=0.6)
        self.say("Nothing is left out: together they span the whole plane", 0.8)

    def reach_point(self):
        corner, end = 2 * self.v, 2 * self.v - self.w
        dot = Dot(self.at(end), radius=0.12, color=RED).set_z_index(3)
        steps = [
            arrow(self.at((0, 0)), self.at(corner), GREEN, 8),
            arrow(self.at(corner), self.at(end), BLUE, 8),
        ]
        self.play(FadeIn(dot, scale=2), run_time=0.5)
        for step in steps:
            self.play(GrowFromPoint(step, step.get_start()), run_time=0.7)
        where = f"({number(end[0])}, {number(end[1])})"
        row = label(f"{where} = 2 · v − 1 · w", 28, RED, width=4.4).move_to([4.7, -1.3, 0])
        self.play(FadeIn(row), run_time=0.5)
        self.say("Each point is reached in exactly one way", 2.2)
