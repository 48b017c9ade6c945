"""Pythagoras' theorem, proved by rearrangement.

Four copies of a right triangle in a square of side a + b leave a tilted square on the hypotenuse
free. Pushed together, without turning, they leave the squares on the two legs free. What is left
over is the same both times. Source: Nelsen, Proofs without Words, page 3; Zhoubi suanjing.

Parameters
----------
LEGS : vector of 2 numbers, entries in [1, 8]
    The two legs of the triangle.

Example prompts
---------------
- Prove the Pythagorean theorem by rearrangement
- Why is a^2 + b^2 = c^2?
- pythagoras for a right triangle with legs (3, 4)
- visual proof for the hypotenuse

Keywords
--------
Pythagoras, Pythagorean theorem, right triangle, hypotenuse, legs, proof by rearrangement, visual
proof, squares on the sides, right angled triangle, a squared plus b squared, proof, right angle,
sides of a triangle, squares of the legs

Subjects
--------
Pythagoras, Pythagoras' theorem, Pythagorean theorem, pythagorean, theorem of Pythagoras, right
triangle, right angled triangle, hypotenuse, a squared plus b squared, squares on the sides, legs of
a triangle, proof by rearrangement, squares on the legs

Not
---
Pythagorean triples: whole numbers
Pythagorean identity: trigonometry
Pythagorean tuning, Pythagorean comma: music
law of cosines, law of sines: any triangle
Pythagorean tree, Pythagoras tree: a fractal
Thales, incircle: a circle
distance formula: points
similar triangles: shapes
Euclid's theorem, altitude theorem: altitude
Pythagorean means: averages
Pythagoras in space: three dimensions
Fermat: higher powers
life of Pythagoras: history
equilateral triangle: another triangle
trigonometric ratios, right triangle trigonometry: angles
Pythagorean cup: physics
Pythagorean expectation: sport
Heron: areas
inverse Pythagorean: another theorem
Samos: an island
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    RED,
    UP,
    WHITE,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Polygon,
    Square,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    column,
    label,
    number,
)

LEGS = [3, 4]

SIDE = 4.7
CORNER = np.array([-5.6, -2.55, 0.0])


class Pythagoras(CaptionedScene):
    def construct(self):
        self.a, self.b = (float(leg) for leg in LEGS)
        self.unit = SIDE / (self.a + self.b)
        self.begin("The theorem of Pythagoras, by moving triangles")
        self.show_triangles()
        self.show_hole()
        self.rearrange()
        self.calculate()

    def at(self, x, y):
        return CORNER + self.unit * np.array([x, y, 0])

    def shape(self, corners, color, opacity=0.8):
        points = [self.at(*corner) for corner in corners]
        return Polygon(*points, color=WHITE, stroke_width=2).set_fill(color, opacity)

    def name(self, words, corners, color):
        """A name in the middle of a shape, small enough for it."""
        x, y = np.mean(corners, axis=0)
        width = 0.6 * self.unit * np.ptp([corner[0] for corner in corners])
        text = label(words, 36, color)
        return text.scale(min(1, width / text.width)).move_to(self.at(x, y))

    def show_triangles(self):
        a, b = self.a, self.b
        s = a + b
        frame = Square(SIDE, color=WHITE, stroke_width=3).move_to(self.at(s / 2, s / 2))
        corners = [
            [(0, 0), (a, 0), (0, b)],
            [(s, 0), (s, a), (a, 0)],
            [(s, s), (b, s), (s, a)],
            [(0, s), (0, b), (b, s)],
        ]
        self.triangles = VGroup(*(self.shape(c, BLUE) for c in corners))
        self.frame = frame
        sides = VGroup(
            label("a", 30, GREEN).move_to(self.at(a / 2, 0) + 0.3 * DOWN),
            label("b", 30, YELLOW).move_to(self.at(0, b / 2) + 0.3 * LEFT),
        )
        self.play(Create(frame), FadeIn(self.triangles[0], sides), run_time=1)
        self.say(f"A right triangle with legs a = {number(a)} and b = {number(b)}")
        copies = (FadeIn(t, scale=0.8) for t in self.triangles[1:])
        self.play(LaggedStart(*copies, lag_ratio=0.4), run_time=1.2)
        self.say("Four copies of it in a square of side a + b")
        self.sides = sides

    def show_hole(self):
        a, b = self.a, self.b
        corners = [(a, 0), (a + b, a), (b, a + b), (0, b)]
        hole = self.shape(corners, RED, 0.6)
        self.tilted = VGroup(hole, self.name("c²", corners, WHITE))
        self.play(FadeIn(self.tilted), run_time=0.8)
        self.say("What is left is a square on the longest side c: its area is c²", 1.2)
        self.line = label("left over:  c²", 32, RED).move_to([3.6, 1.7, 0])
        self.play(FadeIn(self.line), run_time=0.5)

    def rearrange(self):
        a, b = self.a, self.b
        self.say("Push the triangles together, without turning them", 0.2)
        self.play(FadeOut(self.tilted, self.sides), run_time=0.5)
        moves = [(1, (0, b)), (2, (-b, -a)), (3, (a, 0))]
        for index, (x, y) in moves:
            shift = self.unit * np.array([x, y, 0])
            self.play(self.triangles[index].animate.shift(shift), run_time=0.9)
        s = a + b
        small = [(0, b), (a, b), (a, s), (0, s)]
        large = [(a, 0), (s, 0), (s, b), (a, b)]
        squares = VGroup(
            self.shape(small, GREEN, 0.6),
            self.name("a²", small, WHITE),
            self.shape(large, YELLOW, 0.5),
            self.name("b²", large, WHITE),
        )
        self.play(FadeIn(squares), run_time=0.8)
        self.say("Now the squares on the two legs are left: a² and b²", 0.9)
        again = label("left over:  a² + b²", 32, GREEN)
        again.next_to(self.line, DOWN, buff=0.4).align_to(self.line, LEFT)
        self.play(FadeIn(again), run_time=0.5)
        self.again = again

    def calculate(self):
        squares = [self.a**2, self.b**2]
        c = float(np.sqrt(sum(squares)))
        rows = column(
            [
                label("a² + b² = c²", 40),
                label(f"{number(squares[0])} + {number(squares[1])} = {number(sum(squares))}", 30),
                label(f"c = {number(c, 3)}", 30, RED),
            ],
            (3.6, -1.0),
        )
        rows.align_to(self.line, LEFT)
        self.play(FadeIn(rows, shift=0.2 * UP), run_time=0.8)
        self.say("The same square, the same four triangles: so the same is left over", 2.4)
