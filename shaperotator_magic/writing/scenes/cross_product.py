"""The cross product of two vectors in space.

a × b stands at a right angle to both, on the side that the right hand shows, and is as long as the
parallelogram of a and b is large: |a| |b| sin θ. For parallel vectors it is zero. Source: Marsden
and Tromba, Vector Calculus, section 1.3.

Parameters
----------
VECTOR_A : vector of 3 numbers, entries in [-3, 3]
    The first vector.
VECTOR_B : vector of 3 numbers, entries in [-3, 3]
    The second vector.

Example prompts
---------------
- What is the cross product?
- cross product of (1, 2, 0) and (2, 0, 1) in 3D
- Why is a × b perpendicular to both vectors?
- right hand rule and area of the parallelogram in space

Keywords
--------
cross product, vector product, right hand rule, perpendicular to both, normal vector, three
dimensional vectors, vectors in space, area of a parallelogram in space, torque, a cross b, 3d,
perpendicular vector, orthogonal to two vectors, normal to a plane

Subjects
--------
cross product, vector product, a cross b, right hand rule, perpendicular to both, normal vector,
vector perpendicular to two, area of the parallelogram in space, parallelogram in space, torque as a
product, normal to a plane

Not
---
Cartesian product: of sets
cross validation: of models
cross ratio: geometry
triple product: three vectors
cross entropy: a loss
outer product: a matrix
cross section: a cut
wedge product: of forms
curl: of a field
cross-correlation: of signals
dot product: a number
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
    TAU,
    UP,
    YELLOW,
    Dot,
    FadeIn,
    GrowFromPoint,
    Line,
    Polygon,
    ValueTracker,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    column,
    equals,
    label,
    number,
    product,
    ticks,
)

VECTOR_A = [1.5, 0, 0.5]
VECTOR_B = [0.3, 1.4, 0]

CENTER = np.array([-3.0, -0.4, 0.0])
PITCH = 0.42


class CrossProduct(CaptionedScene):
    def construct(self):
        self.a, self.b = np.array(VECTOR_A, dtype=float), np.array(VECTOR_B, dtype=float)
        self.product = np.cross(self.a, self.b)
        vectors = [self.a, self.b, self.a + self.b, self.product]
        self.unit = 2.35 / max(1.0, *(np.linalg.norm(v) for v in vectors))
        self.yaw = ValueTracker(0.5)
        self.begin("The cross product of two vectors in space")
        self.show_vectors()
        self.show_product()
        self.turn()
        self.calculate()

    def at(self, vector):
        """From space, z up, to the screen: seen from a little above, turned by the yaw."""
        yaw = self.yaw.get_value()
        x = np.cos(yaw) * vector[0] - np.sin(yaw) * vector[1]
        depth = np.sin(yaw) * vector[0] + np.cos(yaw) * vector[1]
        y = np.cos(PITCH) * vector[2] + np.sin(PITCH) * depth
        return CENTER + self.unit * np.array([x, y, 0])

    def build_axes(self):
        reach = 2.35 / self.unit
        return VGroup(
            *(Line(self.at(-reach * e), self.at(reach * e), color=GREY_D, stroke_width=2)
              for e in np.eye(3))
        )  # fmt: skip

    def build_names(self):
        """The names of the axes, and one number on each; they follow the axes when these turn."""
        reach = 2.35 / self.unit
        value = ticks(0, 0.85 * reach, 2)[-1]
        names = VGroup(*(label(axis, 24, GREY_B) for axis in "xyz"))
        numbers = VGroup(*(label(number(value), 20, GREY_B) for _ in range(3)))
        dots = VGroup(*(Dot(radius=0.045, color=GREY_B) for _ in range(3)))
        sides = [0.22 * DOWN, 0.22 * DOWN, 0.25 * LEFT]

        def follow(_group):
            parts = zip(np.eye(3), names, numbers, dots, sides, strict=True)
            for axis, name, words, dot, side in parts:
                name.move_to(self.at(1.1 * reach * axis))
                dot.move_to(self.at(value * axis))
                words.move_to(self.at(value * axis) + side)

        group = VGroup(names, numbers, dots)
        follow(group)
        return group.add_updater(follow)

    def build_area(self):
        corners = [0 * self.a, self.a, self.a + self.b, self.b]
        shape = Polygon(*map(self.at, corners), color=YELLOW, stroke_width=2)
        return shape.set_fill(YELLOW, 0.35)

    def build(self, vector, color):
        return arrow(self.at(np.zeros(3)), self.at(vector), color, 7)

    def show_vectors(self):
        self.axes = self.build_axes()
        self.arrows = [self.build(self.a, GREEN), self.build(self.b, BLUE)]
        self.rows = column(
            [
                label(f"a = {self.write_out(self.a)}", 30, GREEN),
                label(f"b = {self.write_out(self.b)}", 30, BLUE),
                label(f"a × b = {self.write_out(self.product)}", 30, RED),
            ],
            (4.0, 1.7),
            width=5.4,
        )
        self.play(FadeIn(self.axes, self.build_names()), run_time=0.6)
        for shown, row in zip(self.arrows, self.rows, strict=False):
            self.play(FadeIn(shown), FadeIn(row), run_time=0.6)
        self.say("Two vectors in space; the axis that points up is z", 0.5)
        self.area = self.build_area()
        self.play(FadeIn(self.area), run_time=0.8)
        self.say("They span a parallelogram", 0.5)

    @staticmethod
    def write_out(vector):
        return f"({', '.join(map(number, vector))})"

    def show_product(self):
        self.result = self.build(self.product, RED)
        if np.linalg.norm(self.product) < 0.01:
            self.say("It has no area: the vectors lie on one line. Their cross product is 0", 1)
        else:
            self.say("The cross product stands at a right angle to both", 0)
        grow = GrowFromPoint(self.result, self.at(np.zeros(3)))
        self.play(grow, FadeIn(self.rows[2]), run_time=1)
        self.wait(0.5)

    def turn(self):
        self.say("Seen from all sides", 0)
        builders = [
            (self.axes, self.build_axes),
            (self.area, self.build_area),
            (self.arrows[0], lambda: self.build(self.a, GREEN)),
            (self.arrows[1], lambda: self.build(self.b, BLUE)),
            (self.result, lambda: self.build(self.product, RED)),
        ]
        for shown, build in builders:
            shown.add_updater(lambda m, build=build: m.become(build()))
        self.add(*(shown for shown, _ in builders))
        turn = self.yaw.animate.set_value(0.5 + TAU)
        self.play(turn, run_time=4.5, rate_func=linear)
        for shown, _ in builders:
            shown.clear_updaters()

    def calculate(self):
        a, b = (np.linalg.norm(v) for v in (self.a, self.b))
        size = float(np.linalg.norm(self.product))
        sine = size / (a * b) if a * b > 1e-9 else 0.0
        digits, result = product((a, b, sine))
        factors = " · ".join(number(value, digits) for value in (a, b, sine))
        rows = column(
            [
                label("|a × b| = |a| |b| sin θ", 30),
                label(f"{equals((a, b, sine), digits)} {factors}", 28),
                label(result, 34, YELLOW),
            ],
            (4.0, -0.9),
        )
        rows.align_to(self.rows, LEFT)
        self.play(FadeIn(rows, shift=0.2 * UP), run_time=0.8)
        self.say("Its length is the area of the parallelogram", 1.2)
        self.say("Right hand: thumb along a, first finger along b, second along a × b", 2)
