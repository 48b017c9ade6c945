"""The Clifford torus: a flat torus in four dimensions.

Every point of a circle in the plane xy with every point of a circle in the plane zw gives a surface
(cos u, sin u, cos v, sin v). It is a torus without an inner and an outer side: a square of paper
bends into it without stretching, which in three dimensions no paper does. Turned through w, its two
families of circles change places. Source: do Carmo, Riemannian Geometry, chapter 6.

Parameters
----------
CIRCLES : integer in [6, 20]
    How many circles of each family are drawn.
ROTATION : one of: xw, yw, zw, double
    The plane in which it turns; double turns in xw and in yz at once.

Example prompts
---------------
- Show me a Clifford torus
- flat torus in four dimensions, with 16 circles
- Why is the Clifford torus flat? Rotate it in 4D
- product of two circles in R^4

Keywords
--------
Clifford torus, flat torus, torus in four dimensions, 4D torus, product of two circles, duocylinder,
square torus, Hopf torus, torus in the 3-sphere, turning a torus inside out in 4D,
plane, rotation, spin, four dimensions, 4D, family of circles, inside out, three-sphere

Subjects
--------
Clifford torus, Clifford tori, flat torus, torus in four dimensions, four-dimensional torus,
product of two circles, duocylinder

Not
---
torus alone, donut, doughnut, 3D torus: three dimensions
torus knot, trefoil: a knot
Clifford algebra: numbers
flat tyre, flat tire: a wheel
torus network, mesh torus: networks
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    TAU,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    column,
    draw_lines_4d,
    label,
    rotation_4d,
    view_4d,
)

CIRCLES = 12
ROTATION = "xw"

AXES = "xyzw"
RADIUS = 1.2
CORNERS = 40  # of a circle as it is drawn
CENTER = [-1.8, 0.0, 0.0]


class CliffordTorus(CaptionedScene):
    def construct(self):
        self.angle = ValueTracker(0)
        self.circles = VGroup(*(VMobject(color=c, stroke_width=3) for c in (BLUE, YELLOW)))
        self.begin("The Clifford torus: flat, in four dimensions")
        self.show_two_circles()
        self.show_torus()
        self.turn()

    def planes(self):
        return ["xw", "yz"] if ROTATION == "double" else [ROTATION]

    def place(self, circles, count, weight=1.0):
        """Circles of both families: one angle runs, the other is one of ``count``."""
        turn = rotation_4d(self.planes(), self.angle.get_value())
        run, still = np.linspace(0, TAU, CORNERS + 1), np.arange(count) / count * TAU
        for family, shape in enumerate(circles):
            u, v = np.meshgrid(run, still)
            first, second = (
                RADIUS * np.array([np.cos(u), np.sin(u)]),
                np.array([np.cos(v), np.sin(v)]),
            )
            halves = [first, weight * RADIUS * second]
            points = np.concatenate(halves[::-1] if family else halves)
            points = np.moveaxis(points, 0, -1) @ turn.T
            ends = np.stack([points[:, :-1], points[:, 1:]], axis=2).reshape(-1, 2, 4)
            draw_lines_4d(shape, ends, view_4d(CENTER))

    def show_two_circles(self):
        pair = VGroup(*(VMobject(color=c, stroke_width=6) for c in (BLUE, YELLOW)))
        self.place(pair, 1, weight=0.0)
        self.rows = column(
            [
                label("(cos u, sin u, 0, 0)", 28, BLUE),
                label("(0, 0, cos v, sin v)", 28, YELLOW),
            ],
            (4.6, 1.4),
        )
        self.say("One circle in the plane xy", 0)
        self.play(Create(pair[0]), FadeIn(self.rows[0]), run_time=1)
        self.say("Another in the plane zw: they share only the centre", 0)
        self.play(Create(pair[1]), FadeIn(self.rows[1]), run_time=1)
        self.say("Now every point of the one with every point of the other", 0.6)
        self.play(FadeOut(pair), run_time=0.5)

    def show_torus(self):
        self.place(self.circles, CIRCLES)
        sum_of = label("(cos u, sin u, cos v, sin v)", 28).next_to(self.rows, DOWN, buff=0.5)
        self.play(FadeIn(self.circles), FadeIn(sum_of.set_x(4.4)), run_time=1)
        self.say("The blue and the yellow circles are all equally long: it is flat", 1.2)

    def turn(self):
        if ROTATION == "double":
            self.say("Two rotations at once, in xw and in yz: only the centre stays", 0)
        else:
            fixed = " and ".join(a for a in AXES if a not in ROTATION)
            self.say(f"Rotate in the plane {ROTATION}: the directions {fixed} stay as they are", 0)
        self.circles.add_updater(lambda circles: self.place(circles, CIRCLES))
        self.play(self.angle.animate.set_value(TAU), run_time=6, rate_func=linear)
        self.circles.clear_updaters()
        self.say("A square of paper bends into it without stretching", 2)
