"""A 16-cell: the octahedron in four dimensions.

Two opposite points on each axis are its corners; every corner is joined to all but its opposite.
On two axes that is a square, on three an octahedron, on four the 16-cell: n axes give 2n corners
and 2n(n−1) edges. Its sixteen cells are tetrahedra, and it is the dual of the tesseract.
Source: Coxeter, Regular Polytopes, section 7.2.

Parameters
----------
ROTATION : one of: xw, yw, zw, double
    The plane in which it turns; double turns in xw and in yz at once.

Example prompts
---------------
- Show me a rotating 16-cell
- What is the four-dimensional octahedron?
- cross-polytope in 4D, turned in the zw plane
- hexadecachoron: how many corners and edges does a 16-cell have?

Keywords
--------
16-cell, hexadecachoron, cross-polytope, orthoplex, 4D octahedron, four-dimensional octahedron,
4-orthoplex, hyperoctahedron, dual of the tesseract, sixteen tetrahedra, regular polytope,
plane, rotation, spin, spinning, corners, edges, built up, four dimensions, 4D

Subjects
--------
16-cell, hexadecachoron, cross-polytope, four-dimensional octahedron, 4D octahedron, 4-orthoplex,
hyperoctahedron

Not
---
octahedron alone, 3D octahedron: three dimensions
24-cell, 600-cell, 120-cell, 5-cell, simplex: another polytope
cell division, prison cell, cell phone, battery cell, spreadsheet cell: other cells
tesseract, hypercube: the cube
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    RED,
    TAU,
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
    draw_lines_4d,
    label,
    rotation_4d,
    view_4d,
)

ROTATION = "xw"

AXES = "xyzw"
COLORS = [BLUE, GREEN, YELLOW, RED]  # of the edges that come with each axis
REACH = 1.75
CENTER = [-1.8, 0.0, 0.0]


class SixteenCell(CaptionedScene):
    def construct(self):
        self.extent = [ValueTracker(0) for _ in AXES]  # how far the corners are drawn out
        self.angle = ValueTracker(0)
        self.edges = VGroup(*(VMobject(color=c, stroke_width=4) for c in COLORS))
        self.counts = VGroup()
        self.begin("A 16-cell: the octahedron in four dimensions")
        self.draw_out()
        self.explain_edges()
        self.turn()

    def planes(self):
        return ["xw", "yz"] if ROTATION == "double" else [ROTATION]

    def place_edges(self, edges):
        turn = rotation_4d(self.planes(), self.angle.get_value())
        reach = [REACH * e.get_value() for e in self.extent]
        ends = {(a, s): s * reach[a] * turn[:, a] for a in range(4) for s in (-1, 1)}
        for axis, curve in enumerate(edges):
            others = [(a, s) for a in range(axis) for s in (-1, 1)]
            pairs = [(ends[axis, s], ends[o]) for s in (-1, 1) for o in others]
            # On the first axis there is no edge, only the way between its corners.
            draw_lines_4d(curve, np.array(pairs or [(ends[0, -1], ends[0, 1])]), view_4d(CENTER))
        edges[0].set_stroke(opacity=max(0, 1 - self.extent[1].get_value()))

    def move_edges(self, *animations, **options):
        """Play with the edges following; in front, the rest need not be redrawn."""
        self.add(self.edges)
        self.edges.add_updater(self.place_edges)
        self.play(*animations, **options)
        self.edges.clear_updaters()

    def draw_out(self):
        words = [
            "Two opposite corners on the x-axis",
            "Two more on y, joined to both: a square",
            "Two more on z, joined to all four: an octahedron",
            "Two more on a fourth axis w, joined to all six",
        ]
        for axis, name in enumerate(["segment", "square", "octahedron", "16-cell"]):
            n = axis + 1
            self.say(words[axis], 0)
            edges = 1 if n == 1 else 2 * n * (n - 1)
            line = VGroup(
                label(name, 27, COLORS[axis]),
                label(f"{2 * n} corners, {edges} edge{'s' if n > 1 else ''}", 25),
            )
            line.arrange(DOWN, buff=0.14).move_to([4.9, 2.2 - 1.15 * axis, 0])
            self.move_edges(self.extent[axis].animate.set_value(1), FadeIn(line), run_time=1.2)
            self.counts.add(line)

    def explain_edges(self):
        self.say("Every corner meets all others but its opposite: six edges", 1)
        self.play(self.edges[3].animate.set_stroke(width=8), run_time=0.6)
        self.play(self.edges[3].animate.set_stroke(width=4), run_time=0.6)

    def turn(self):
        if ROTATION == "double":
            self.say("Two rotations at once, in xw and in yz: only the centre stays", 0)
        else:
            fixed = " and ".join(a for a in AXES if a not in ROTATION)
            self.say(f"Rotate in the plane {ROTATION}: the directions {fixed} stay as they are", 0)
        self.move_edges(self.angle.animate.set_value(TAU), run_time=6, rate_func=linear)
        self.say("Sixteen tetrahedra bound it; the tesseract is its dual", 0)
        self.play(Indicate(self.counts[3], scale_factor=1.1))
        self.wait(2)
