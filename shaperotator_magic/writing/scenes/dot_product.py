"""The dot product, and the projection of one vector onto another.

a · b is the length of b's shadow on a's line times the length of a, negative where the shadow
falls backwards, zero at a right angle: a · b = |a| |b| cos θ. Source: Strang, Introduction to
Linear Algebra, sections 1.2 and 4.2.

Parameters
----------
VECTOR_A : vector of 2 numbers, entries in [-6, 6]
    The vector whose line is projected onto. Not zero.
VECTOR_B : vector of 2 numbers, entries in [-6, 6]
    The vector that casts the shadow.

Example prompts
---------------
- What does the dot product mean geometrically?
- Show the projection of (1, 3) onto (4, 1)
- dot product of a = (3, 1) and b = (1, 2) as a shadow
- Why is the dot product zero when two vectors are perpendicular?
- scalar product, angle between two vectors and cosine

Keywords
--------
dot product, scalar product, inner product, projection, orthogonal projection, project onto, shadow,
angle, cosine, perpendicular, orthogonal, right angle, length, similarity, component along, cosine
similarity, orthogonality, vector projection

Subjects
--------
dot product, scalar product, inner product, projection onto, projecting onto, project onto,
orthogonal projection, vector projection, projection of a vector, shadow of a vector, length times a
shadow, shadow, cosine similarity, angle between two vectors, angle between vectors, perpendicular
vectors, component along, direction of a, project a vector

Not
---
projection matrix, outer product: a matrix
map projection, Mercator: globes
stereographic projection: spheres
projection of the population: demography
dot notation: physics
inner product space: abstract
cross product: a vector
projection screen: cinema
matrix product: of matrices
dot plot: statistics
Cauchy-Schwarz: an inequality
law of cosines: triangles
least squares: a fit
perspective projection: cameras
random projection: dimensions
three dimensions, five dimensions: it shows the plane
shadow puppet: theatre
scalar field: a function
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    RED,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    GrowArrow,
    Line,
    RightAngle,
    Scene,
    Text,
    TransformFromCopy,
    VGroup,
    Write,
)

from shaperotator_magic.writing.scenes._stage import (
    equals,
    number,
    product,
    replace_words,
)

VECTOR_A = [4, 1]
VECTOR_B = [1, 3]

CENTER = np.array([-3.0, -0.1, 0])  # the drawing has the left, the calculation the right


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def factor(value, digits=2):
    return f"({number(value, digits)})" if value < 0 else number(value, digits)


def pair(vector):
    return f"({number(vector[0])}, {number(vector[1])})"


class DotProduct(Scene):
    def construct(self):
        self.a = np.array(VECTOR_A if any(VECTOR_A) else [4, 1], dtype=float)
        self.b = np.array(VECTOR_B, dtype=float)
        self.product = float(self.a @ self.b)
        self.shadow = self.a * self.product / (self.a @ self.a)
        points = np.array([[0, 0], self.a, self.b, self.shadow])
        low, high = points.min(axis=0), points.max(axis=0)
        self.unit = min(1.3, 6.4 / max(high[0] - low[0], 1), 4.6 / max(high[1] - low[1], 1))
        self.origin = CENTER - self.unit * np.array([*((low + high) / 2), 0])
        self.caption = VGroup()
        title = label("The dot product is a shadow, stretched", 40).to_edge(UP, buff=0.3)
        self.play(Write(title), run_time=1)
        self.show_vectors()
        self.show_shadow()
        self.calculate()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def at(self, vector):
        return self.origin + self.unit * np.array([*vector, 0])

    def arrow(self, vector, color, width=7):
        length = self.unit * np.linalg.norm(vector)
        if length < 0.08:
            return Dot(self.origin, radius=0.11, color=color)
        tip = min(0.28, 0.45 * length)
        ends = (self.at((0, 0)), self.at(vector))
        return Arrow(*ends, buff=0, stroke_width=width, color=color, tip_length=tip)

    @staticmethod
    def grow(arrow):
        return GrowArrow(arrow) if isinstance(arrow, Arrow) else FadeIn(arrow)

    def name(self, words, vector, other, color):
        """A name beside the arrow, on the side away from the other vector."""
        along = vector if np.linalg.norm(vector) > 0.01 else self.a
        across = np.array([-along[1], along[0], 0]) / np.linalg.norm(along)
        side = -1 if across[:2] @ other > 0 else 1
        return label(words, 32, color).move_to(self.at(0.8 * vector) + 0.35 * side * across)

    def show_vectors(self):
        along = np.array([*self.a, 0]) / np.linalg.norm(self.a)
        reach = [self.fit(-along), self.fit(along)]
        line = DashedLine(*reach, color=GREY_B, stroke_width=2, dash_length=0.12)
        arrows = [self.arrow(self.a, GREEN), self.arrow(self.b, RED)]
        away = self.shadow if abs(self.product) > 0.01 else self.a
        if abs(self.a[0] * self.b[1] - self.a[1] * self.b[0]) < 0.01:
            away = np.array([-self.b[1], self.b[0]])  # on one line: the names on its two sides
        names = [self.name("a", self.a, self.b, GREEN), self.name("b", self.b, away, RED)]
        self.play(*map(self.grow, arrows), *(FadeIn(name) for name in names))
        self.say(f"Two vectors: a = {pair(self.a)} and b = {pair(self.b)}")
        self.play(Create(line), run_time=0.8)
        self.say("How far does b reach along the line of a?")
        self.arrow_b = arrows[1]

    def fit(self, direction):
        """The last point in this direction that is still inside the drawing's part."""
        steps = np.arange(0, 9, 0.05)
        inside = [
            t
            for t in steps
            if -6.9 < (self.origin + t * direction)[0] < 1.0
            and -2.8 < (self.origin + t * direction)[1] < 2.8
        ]
        return self.origin + max(inside) * direction

    def show_shadow(self):
        drop = Line(self.at(self.b), self.at(self.shadow), color=GREY_B, stroke_width=3)
        self.play(Create(drop), run_time=0.8)
        gap = self.unit * np.linalg.norm(self.b - self.shadow)
        foot = self.unit * np.linalg.norm(self.shadow)
        if gap > 0.35 and foot > 0.35:
            corner = RightAngle(
                Line(self.at(self.shadow), self.at((0, 0))),
                Line(self.at(self.shadow), self.at(self.b)),
                length=0.2,
                color=GREY_B,
            )
            self.play(FadeIn(corner), run_time=0.3)
        shadow = self.arrow(self.shadow, YELLOW, 9)
        self.play(TransformFromCopy(self.arrow_b, shadow), run_time=1.2)
        self.say(self.describe_shadow())
        self.wait(1)

    def describe_shadow(self):
        if abs(self.product) < 1e-9:
            return "There is no shadow: b stands at a right angle to a"
        length = number(float(np.linalg.norm(self.shadow)))
        way = "along a" if self.product > 0 else "against a"
        return f"The yellow shadow is {length} long and points {way}"

    def calculate(self):
        length = float(np.linalg.norm(self.a))
        signed = float(self.product / length)
        digits, result = product([length, signed])
        factors = f"{number(length, digits)} × {factor(signed, digits)}"
        terms = " + ".join(
            f"{factor(x)} · {factor(y)}" for x, y in zip(self.a, self.b, strict=True)
        )
        lines = VGroup(
            label("a · b = length of a × shadow", 28, GREY_B),
            label(f"{equals([length, signed], digits)}  {factors}  {result}", 32, YELLOW),
            label("and by coordinates", 28, GREY_B),
            label(terms, 32, BLUE),
            label(f"=  {number(self.product)}", 32, BLUE),
        )
        for line in lines:
            line.scale_to_fit_width(min(line.width, 5.3))
        lines.arrange(DOWN, buff=0.3).move_to([4.25, 0.2, 0])
        for line in lines:
            self.play(FadeIn(line, shift=0.15 * DOWN), run_time=0.7)
        self.say("Both ways give the same number")
        self.wait(1.2)
        cosine = signed / max(float(np.linalg.norm(self.b)), 1e-9)
        angle = float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
        if np.linalg.norm(self.b) > 1e-9:
            self.say(f"So it knows the angle: cos θ = {number(cosine)}, θ = {angle:.0f}°")
        self.wait(2.5)
