"""A 24-cell: a regular shape that only four dimensions have.

The sixteen corners of a tesseract with edge 1, and eight more, one above the middle of each of its
cubes at the distance of an edge: all 96 edges then are equally long. Its 24 cells are octahedra,
it is its own dual, and nothing in three dimensions corresponds to it.
Source: Coxeter, Regular Polytopes, section 8.2.

Parameters
----------
ROTATION : one of: xw, yw, zw, double
    The plane in which it turns; double turns in xw and in yz at once.

Example prompts
---------------
- Show me a rotating 24-cell
- What is the 24-cell, the regular polytope without counterpart in 3D?
- icositetrachoron turned in the yw plane
- How do you build a 24-cell from a tesseract?

Keywords
--------
24-cell, icositetrachoron, octaplex, 24 octahedra, self-dual polytope, regular polytope,
four-dimensional polytope, hyperdiamond, polyoctahedron, tesseract with pyramids,
plane, rotation, spin, spinning, corners, edges, exist, four dimensions, 4D, double rotation

Subjects
--------
24-cell, icositetrachoron, octaplex, hyperdiamond, polyoctahedron

Not
---
16-cell, 600-cell, 120-cell, 5-cell, simplex: another polytope
24 hour, 24 hours: time
cell division, prison cell, cell phone, battery cell, spreadsheet cell: other cells
tesseract alone, hypercube: the cube
"""

import numpy as np
from manim import (
    BLUE,
    GREY_B,
    TAU,
    WHITE,
    YELLOW,
    FadeIn,
    Indicate,
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

ROTATION = "xw"

AXES = "xyzw"
EDGE = 1.55
CENTER = [-1.8, 0.0, 0.0]


class TwentyFourCell(CaptionedScene):
    def construct(self):
        self.lift = ValueTracker(0.5)  # how far the eight corners stand from the centre
        self.angle = ValueTracker(0)
        self.edges = VGroup(*(VMobject(color=c, stroke_width=3) for c in (BLUE, YELLOW)))
        self.begin("A 24-cell: regular in four dimensions alone")
        self.show_tesseract()
        self.add_corners()
        self.turn()

    def planes(self):
        return ["xw", "yz"] if ROTATION == "double" else [ROTATION]

    def place_edges(self, edges):
        turn = rotation_4d(self.planes(), self.angle.get_value())
        corners = np.array([[(n >> axis & 1) - 0.5 for axis in range(4)] for n in range(16)])
        steps = [n ^ 1 << axis for n in range(16) for axis in range(4)]
        ends = [(n // 4, m) for n, m in enumerate(steps) if n // 4 < m]
        cube = [(corners[a], corners[b]) for a, b in ends]
        tips = [sign * axis for axis in np.eye(4) for sign in (-1, 1)]
        high = [(self.lift.get_value() * t, c) for t in tips for c in corners if t @ c > 0]
        for curve, pairs in zip(edges, (cube, high), strict=True):
            draw_lines_4d(curve, EDGE * np.array(pairs) @ turn.T, view_4d(CENTER))

    def move_edges(self, *animations, **options):
        """Play with the edges following; in front, the rest need not be redrawn."""
        self.add(self.edges)
        self.edges.add_updater(self.place_edges)
        self.play(*animations, **options)
        self.edges.clear_updaters()

    def show_tesseract(self):
        self.place_edges(self.edges)
        self.say("A tesseract: 16 corners, and 32 edges of length 1", 0)
        self.play(FadeIn(self.edges[0]), run_time=1)
        self.rows = column(
            [
                label("corners: 16 + 8 = 24", 28, WHITE),
                label("edges: 32 + 64 = 96", 28, YELLOW),
                label("triangles: 96", 28, GREY_B),
                label("octahedra: 24", 28, GREY_B),
            ],
            (4.7, 0.6),
        )
        self.say("It has eight cubes. Put one more corner above the middle of each", 0.8)

    def add_corners(self):
        self.edges[1].set_stroke(opacity=1)
        self.move_edges(self.lift.animate.set_value(1), FadeIn(self.rows[:2]), run_time=2)
        self.say("Each new corner is as far from eight others as they are from one another", 1)
        self.play(FadeIn(self.rows[2:]), run_time=0.6)
        self.say("All 96 edges have one length: it is regular, and its own dual", 1)

    def turn(self):
        if ROTATION == "double":
            self.say("Two rotations at once, in xw and in yz: only the centre stays", 0)
        else:
            fixed = " and ".join(a for a in AXES if a not in ROTATION)
            self.say(f"Rotate in the plane {ROTATION}: the directions {fixed} stay as they are", 0)
        self.move_edges(self.angle.animate.set_value(TAU), run_time=6, rate_func=linear)
        self.say("In three dimensions nothing corresponds to it", 0)
        self.play(Indicate(self.rows[0], scale_factor=1.1))
        self.wait(2)
