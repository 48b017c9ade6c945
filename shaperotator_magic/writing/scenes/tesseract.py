"""A rotating tesseract: the four-dimensional cube, drawn by perspective.

A point drawn out along a new direction becomes a segment, a segment a square, a square a cube, a
cube a tesseract. Each time the corners double, and every corner gains one edge: n dimensions have
2ⁿ corners and n·2ⁿ⁻¹ edges. Perspective from four to three dimensions draws the cell that is
nearer along w larger; a rotation in a plane that holds w passes the cells through each other.
Source: Coxeter, Regular Polytopes, section 7.2.

Parameters
----------
ROTATION : one of: xw, yw, zw, double
    The plane in which it turns; double turns in xw and in yz at once.

Example prompts
---------------
- Show me a rotating tesseract
- What does a 4D cube look like, and why are there two cubes joined by edges?
- hypercube rotation in the zw plane projected to 3D
- How do you get from a point to a line, a square, a cube and a tesseract? Count the edges
- double rotation of a tesseract

Keywords
--------
tesseract, hypercube, 4D, four dimensions, fourth dimension, 4-cube, 8-cell, rotation, projection,
perspective, polytope, cube, edges, vertices, corners, dimension, higher dimensions, 4d hypercube,
spinning, 4D cube, extra dimension, unfold, our space

Subjects
--------
tesseract, tesseracts, point to line to square, from a point to a line, hypercube, hypercubes, 4D
cube, four-dimensional cube, four dimensional cube, cube in four dimensions, 4D hypercube, fourth
dimension, four dimensions, cube in 4D, from a point to a cube, n-dimensional cube

Not
---
Rubik's cube: a puzzle
fourth dimension as time, spacetime, Kaluza-Klein: physics
24-cell, 16-cell, simplex, 120-cell, cross-polytope: another polytope
Klein bottle: a surface
hypersphere: a sphere
4D printing: a technique
3D cube: three dimensions
Menger: a fractal
tesseract in a comic, Avengers, tesseract film, cinema: film
tesseract OCR: software
a wrinkle in time: a book
hypercube topology: networks
OLAP cube: data
ice cube, wine: a drink
quaternion: numbers
latin hypercube: sampling
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    RED,
    TAU,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    Indicate,
    Scene,
    Text,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    draw_lines_4d,
    replace_words,
    rotation_4d,
    view_4d,
)

ROTATION = "xw"

AXES = "xyzw"
COLORS = [BLUE, GREEN, YELLOW, RED]  # edges along x, y, z and w
CENTER = [-1.8, 0.1, 0.0]
CORNERS = 16


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def corner(number):
    """The corner whose coordinates are the bits of ``number``: −1 or 1 each."""
    return np.array([2 * (number >> axis & 1) - 1 for axis in range(4)], dtype=float)


def edges_along(axis):
    """The eight pairs of corners that differ in this coordinate only."""
    return [(n, n | 1 << axis) for n in range(CORNERS) if not n >> axis & 1]


def planes():
    return ["xw", "yz"] if ROTATION == "double" else [ROTATION]


class Tesseract(Scene):
    def construct(self):
        self.caption = VGroup()
        self.extent = [ValueTracker(0) for _ in AXES]  # how far the cube is drawn out
        self.angle = ValueTracker(0)
        title = label("A tesseract: the cube in four dimensions", 40).to_edge(UP, buff=0.3)
        self.play(FadeIn(title), run_time=0.6)
        self.build_edges()
        self.draw_out()
        self.explain_edges()
        self.turn()
        self.wait(2)

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.3)
        self.play(*replace_words(self.caption, new), run_time=0.5)
        self.caption = new

    def build_edges(self):
        """One curve for the eight edges along each axis, and one for the corners."""
        self.edges = VGroup(*(VMobject(color=c, stroke_width=4) for c in COLORS))
        self.add(self.edges)

    def place_edges(self, edges):
        turn = rotation_4d(planes(), self.angle.get_value())
        corners = np.array([corner(n) for n in range(CORNERS)])
        corners = corners * [e.get_value() for e in self.extent] @ turn.T
        for axis, curve in enumerate(edges):
            ends = np.array([(corners[a], corners[b]) for a, b in edges_along(axis)])
            draw_lines_4d(curve, ends, view_4d(CENTER))

    def move_edges(self, *animations, **options):
        """Play with the edges following; in front, the rest need not be redrawn."""
        self.add(self.edges)
        self.edges.add_updater(self.place_edges)
        self.play(*animations, **options)
        self.edges.clear_updaters()

    def draw_out(self):
        names = ["segment", "square", "cube", "tesseract"]
        self.counts = VGroup()
        for axis, name in enumerate(names):
            n = axis + 1
            if axis == 3:
                self.say("Now a fourth direction w, at right angles to all three")
            else:
                self.say(f"Draw it out along {AXES[axis]}: a {name}")
            line = VGroup(
                label(name, 27, COLORS[axis]),
                label(f"{2**n} corners, {n * 2 ** (n - 1)} edge{'s' if n > 1 else ''}", 25),
            )
            line.arrange(DOWN, buff=0.14).move_to([4.9, 2.2 - 1.15 * axis, 0])
            self.move_edges(self.extent[axis].animate.set_value(1), FadeIn(line), run_time=1.2)
            self.counts.add(line)
        self.wait(0.6)

    def explain_edges(self):
        self.say("Two cubes, one nearer along w; red edges join matching corners")
        self.play(self.edges[3].animate.set_stroke(width=8), run_time=0.7)
        self.play(self.edges[3].animate.set_stroke(width=4), run_time=0.7)
        self.say("Every corner has four edges, one along each of x, y, z, w")
        self.wait(1.2)

    def turn(self):
        if ROTATION == "double":
            self.say("Two rotations at once, in xw and in yz: only the centre stays")
        else:
            fixed = " and ".join(a for a in AXES if a not in ROTATION)
            self.say(f"Rotate in the plane {ROTATION}: the directions {fixed} stay as they are")
        self.move_edges(self.angle.animate.set_value(TAU), run_time=7, rate_func=linear)
        self.say("It stays rigid: only its shadow seems to turn inside out")
        self.play(Indicate(self.counts[3], color=WHITE, scale_factor=1.1))
