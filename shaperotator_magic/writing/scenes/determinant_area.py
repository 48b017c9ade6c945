"""The determinant of a 2x2 matrix as a signed area.

The two columns span a parallelogram. Its area is |ad - bc|; the sign says whether the second
column lies to the left of the first (positive) or to the right (negative). Columns on one line
span no area. Source: Strang, Introduction to Linear Algebra, section 5.3.

Parameters
----------
MATRIX : 2x2 matrix, entries in [-5, 5]
    Its columns are the sides of the parallelogram.

Example prompts
---------------
- What does the determinant mean geometrically?
- Show the determinant of [[3, 1], [1, 2]] as an area
- Why can a determinant be negative? Use the matrix 1 2; 3 1
- area of the parallelogram spanned by two vectors
- determinant zero means the columns are dependent, show me with [[2, 4], [1, 2]]

Keywords
--------
determinant, det, area, signed area, parallelogram, orientation, ad - bc, volume, scaling factor,
negative determinant, singular, unit square, spanned, flip, dependent columns, 2x2, scales areas,
scaling factor of area, area scaling, singular matrix

Subjects
--------
determinant, determinants, stretch areas, scales an area, det, signed area, area of a parallelogram,
area of the parallelogram, parallelogram area, ad - bc, negative determinant, zero determinant,
singular matrix, area scaling factor, scale areas, scales areas, area factor, squash area,
orientation flip, dependent columns

Not
---
3x3, 4x4, 5x5, 2x3, 3x2: two rows and two columns only
4x4 determinant, three by three determinant: a volume
Jacobian determinant: of maps
Wronskian: of functions
Cramer's rule: equations
Vandermonde: a special one
inverse: of a matrix
trace: the sum of the diagonal
singular value: a decomposition
coefficient of determination: statistics
Laplace expansion, cofactor: a way to compute it
deterministic: no randomness
surface area: of solids
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    GREY_D,
    LEFT,
    RED,
    RIGHT,
    UP,
    YELLOW,
    Arrow,
    Dot,
    FadeIn,
    GrowArrow,
    Line,
    Polygon,
    ReplacementTransform,
    Scene,
    VGroup,
    Write,
)

from shaperotator_magic.writing.scenes._stage import axis_numbers, label, number, replace_words

MATRIX = [[3, 1], [1, 2]]

CENTER = np.array([-2.5, 0.1, 0])  # the drawing has the left, the calculation the right


def factor(value):
    return f"({number(value)})" if value < 0 else number(value)


def matrix_block(rows, colors):
    """The numbers between brackets, one color a column."""
    columns = VGroup(
        *(
            VGroup(*(label(number(row[i]), 34, colors[i]) for row in rows)).arrange(DOWN, buff=0.25)
            for i in range(2)
        )
    ).arrange(RIGHT, buff=0.45)
    height = columns.height / 2 + 0.15
    brackets = VGroup()
    for side in (LEFT, RIGHT):
        x = columns.get_edge_center(side)[0] + side[0] * 0.2
        upright = Line([x, -height, 0], [x, height, 0])
        hooks = [Line([x, y, 0], [x - side[0] * 0.12, y, 0]) for y in (-height, height)]
        brackets.add(VGroup(upright, *hooks).shift(columns.get_center()[1] * UP))
    return VGroup(columns, brackets)


class DeterminantArea(Scene):
    def construct(self):
        self.columns = np.array(MATRIX, dtype=float).T
        self.area = float(np.linalg.det(np.array(MATRIX, dtype=float)))
        square = [[0, 0], [1, 0], [1, 1], [0, 1]]
        corners = np.array([*square, *self.columns, self.columns.sum(axis=0)])
        low, high = corners.min(axis=0), corners.max(axis=0)
        self.unit = min(1.1, 7.2 / max(high[0] - low[0], 1), 5.0 / max(high[1] - low[1], 1))
        # The origin stands where the whole parallelogram is in the middle.
        self.origin = CENTER - self.unit * np.array([*((low + high) / 2), 0])
        self.caption = VGroup()
        self.play(Write(label("The determinant is an area", 40).to_edge(UP, buff=0.3)), run_time=1)
        self.show_square()
        self.show_parallelogram()
        self.calculate()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def at(self, vector):
        return self.origin + self.unit * np.array([*vector, 0])

    def arrow(self, vector, color):
        length = self.unit * np.linalg.norm(vector)
        if length < 0.05:
            return Dot(self.origin, radius=0.11, color=color)
        tip = min(0.28, 0.45 * length)
        ends = (self.at((0, 0)), self.at(vector))
        return Arrow(*ends, buff=0, stroke_width=7, color=color, tip_length=tip)

    def build_plane(self):
        lines = VGroup()
        left, right, bottom, top = -6.35, 1.55, -2.65, 2.85
        for k in range(-60, 61):
            x, y = self.at((k, k))[:2]
            width = 2.5 if k == 0 else 1
            color = GREY_B if k == 0 else GREY_D
            if left <= x <= right:
                lines.add(Line([x, bottom, 0], [x, top, 0], stroke_width=width, color=color))
            if bottom <= y <= top:
                lines.add(Line([left, y, 0], [right, y, 0], stroke_width=width, color=color))
        box = ((left, bottom), (right, top))
        return lines.add(axis_numbers(self.origin, self.unit, box, box[0]))

    def show_square(self):
        self.play(FadeIn(self.build_plane()), run_time=0.8)
        square = Polygon(*(self.at(v) for v in ((0, 0), (1, 0), (1, 1), (0, 1))))
        self.shape = square.set_stroke(YELLOW, 3).set_fill(YELLOW, opacity=0.45)
        self.sides = [self.arrow((1, 0), GREEN), self.arrow((0, 1), RED)]
        self.play(FadeIn(self.shape), *(GrowArrow(side) for side in self.sides), run_time=1)
        self.say("The unit square has area 1")
        self.wait(0.5)

    def show_parallelogram(self):
        block = matrix_block(MATRIX, [GREEN, RED]).move_to([4.3, 1.9, 0])
        self.play(FadeIn(block), run_time=0.6)
        self.say("The matrix sends its sides to the columns")
        u, v = self.columns
        color = YELLOW if self.area >= 0 else BLUE
        target = Polygon(*(self.at(w) for w in ((0, 0), u, u + v, v)))
        target.set_stroke(color, 3).set_fill(color, opacity=0.45)
        sides = [self.arrow(u, GREEN), self.arrow(v, RED)]
        self.play(
            ReplacementTransform(self.shape, target),
            *(ReplacementTransform(a, b) for a, b in zip(self.sides, sides, strict=True)),
            run_time=2.5,
        )
        self.shape = target
        self.wait(0.5)

    def calculate(self):
        (a, b), (c, d) = MATRIX
        lines = VGroup(
            label("area = a · d − b · c", 30, GREY_B),
            label(f"= {factor(a)} · {factor(d)} − {factor(b)} · {factor(c)}", 30),
            label(f"= {number(self.area)}", 40, YELLOW if self.area >= 0 else BLUE),
        ).arrange(DOWN, buff=0.3)
        lines.scale_to_fit_width(min(lines.width, 4.6)).move_to([4.3, -0.5, 0])
        for line in lines:
            self.play(FadeIn(line, shift=0.15 * DOWN), run_time=0.6)
        self.say(self.describe_area())
        self.wait(1.5)
        self.say(self.describe_sign())
        self.wait(2.5)

    def describe_area(self):
        if abs(self.area) < 1e-9:
            return "The parallelogram is flat: its area is 0"
        return f"The square has become a parallelogram of area {number(abs(self.area))}"

    def describe_sign(self):
        if abs(self.area) < 1e-9:
            return "Both columns lie on one line, so the matrix cannot be undone"
        if self.area < 0:
            return "Minus: red now lies clockwise of green, so the plane was turned over"
        return "Plus: red still lies counterclockwise of green, as in the square"
