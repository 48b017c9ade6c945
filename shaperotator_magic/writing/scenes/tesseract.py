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
spinning, 4D cube, extra dimension, unfold
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
    FadeOut,
    Indicate,
    Scene,
    Text,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

ROTATION = "xw"

AXES = "xyzw"
COLORS = [BLUE, GREEN, YELLOW, RED]  # edges along x, y, z and w
CENTER = np.array([-1.8, 0.1, 0.0])
EYE_4D, EYE_3D = 3.2, 7.0  # how far away the two eyes are; the cube reaches from −1 to 1
CORNERS = 16


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def corner(number):
    """The corner whose coordinates are the bits of ``number``: −1 or 1 each."""
    return np.array([2 * (number >> axis & 1) - 1 for axis in range(4)], dtype=float)


def edges_along(axis):
    """The eight pairs of corners that differ in this coordinate only."""
    return [(n, n | 1 << axis) for n in range(CORNERS) if not n >> axis & 1]


def rotation(first, second, angle):
    """The 4x4 rotation by ``angle`` in the plane of two axes."""
    turn = np.eye(4)
    turn[first, first] = turn[second, second] = np.cos(angle)
    turn[second, first], turn[first, second] = np.sin(angle), -np.sin(angle)
    return turn


def planes():
    if ROTATION == "double":
        return [(0, 3), (1, 2)]
    return [(AXES.index(ROTATION[0]), AXES.index(ROTATION[1]))]


def project(points):
    """From four dimensions to three, then from a fixed side to the screen, in perspective."""
    solid = points[:, :3] * (EYE_4D / (EYE_4D - points[:, 3:]))
    yaw, pitch = 0.55, 0.35
    x = np.cos(yaw) * solid[:, 0] + np.sin(yaw) * solid[:, 2]
    depth = -np.sin(yaw) * solid[:, 0] + np.cos(yaw) * solid[:, 2]
    y = np.cos(pitch) * solid[:, 1] - np.sin(pitch) * depth
    depth = np.sin(pitch) * solid[:, 1] + np.cos(pitch) * depth
    scale = EYE_3D / (EYE_3D - depth)
    return CENTER + np.stack([scale * x, scale * y, 0 * x], axis=1)


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
        self.play(FadeOut(self.caption), FadeIn(new, shift=0.15 * UP), run_time=0.5)
        self.caption = new

    def build_edges(self):
        """One curve for the eight edges along each axis, and one for the corners."""
        self.edges = VGroup(*(VMobject(color=c, stroke_width=4) for c in COLORS))
        self.add(self.edges)

    def place_edges(self, edges):
        turn = np.eye(4)
        for first, second in planes():
            turn = rotation(first, second, self.angle.get_value()) @ turn
        corners = np.array([corner(n) for n in range(CORNERS)])
        drawn = project(corners * [e.get_value() for e in self.extent] @ turn.T)
        share = np.linspace(0, 1, 4)[None, :, None]
        for axis, curve in enumerate(edges):
            ends = np.array([(drawn[a], drawn[b]) for a, b in edges_along(axis)])
            curve.set_points(((1 - share) * ends[:, :1] + share * ends[:, 1:]).reshape(-1, 3))

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
