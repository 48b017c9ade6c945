"""The golden ratio: a rectangle that leaves one like itself.

Cut a square from a rectangle with the sides φ : 1. What is left has the same shape: so φ = 1 + 1/φ,
φ² = φ + 1, and φ = (1 + √5)/2 ≈ 1.618. Cutting goes on for ever, and quarter circles in the squares
make a spiral. Ratios of neighbouring Fibonacci numbers come closer and closer to φ. Source: Livio,
The Golden Ratio, chapters 4 and 5.

Parameters
----------
SQUARES : integer in [3, 9]
    How many squares are cut off.

Example prompts
---------------
- What is the golden ratio?
- Show the golden spiral with 8 squares
- How are Fibonacci numbers and the golden ratio related?
- golden rectangle and phi

Keywords
--------
golden ratio, golden section, golden rectangle, golden spiral, phi, Fibonacci, Fibonacci numbers,
Fibonacci spiral, divine proportion, ratio of Fibonacci numbers, self-similar rectangle, continued
fraction of phi, 1.618

Subjects
--------
golden ratio, golden section, golden rectangle, golden spiral, Fibonacci numbers and the golden
ratio, Fibonacci spiral, phi

Not
---
section search, golden mean of Aristotle: no ratio is drawn
silver ratio, golden retriever, Golden Gate, gold: something else
signal to noise ratio, odds ratio: another ratio
Fibonacci by recursion: no program is run
pentagon: no star is drawn
logarithmic spiral: quarter circles only come close to one
golden retriever, golden gate, golden rule: no ratio
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Arc,
    Create,
    FadeIn,
    Rectangle,
    Square,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    label,
)

SQUARES = 7

WIDTH = 7.2
CORNER = np.array([-6.7, -2.2, 0])


class GoldenRatio(CaptionedScene):
    def construct(self):
        self.begin("The golden ratio φ")
        self.phi = (1 + np.sqrt(5)) / 2
        self.show_rectangle()
        self.cut_squares()
        self.draw_spiral()
        self.fibonacci()

    def show_rectangle(self):
        size = np.array([WIDTH, WIDTH / self.phi, 0])
        self.middle = CORNER + size / 2
        frame = Rectangle(width=size[0], height=size[1], color=WHITE, stroke_width=4)
        self.play(Create(frame.move_to(self.middle)), run_time=1)
        across = label("φ", 32, YELLOW).next_to(frame, UP, buff=0.15)
        up = label("1", 32, YELLOW).next_to(frame, RIGHT, buff=0.2)
        self.play(FadeIn(across), FadeIn(up), run_time=0.5)
        self.say("Cut off a square, so that the rest has the same shape again", 0.5)

    def cut_squares(self):
        """Squares at the left, on top, at the right and at the bottom in turn."""
        low, high = CORNER[:2].copy(), self.middle[:2] * 2 - CORNER[:2]
        self.squares, self.arcs = VGroup(), VGroup()
        colors = (BLUE, GREEN, ORANGE, PURPLE)
        for i in range(SQUARES):
            side = min(high - low)
            corner, pivot, start = self.place(i % 4, low, high, side)
            square = Square(side, color=colors[i % 4], stroke_width=3)
            square.set_fill(colors[i % 4], 0.25).move_to([*(corner + side / 2), 0])
            self.squares.add(square)
            self.arcs.add(
                Arc(side, start, -np.pi / 2, arc_center=[*pivot, 0], color=YELLOW, stroke_width=5)
            )
            self.play(FadeIn(square), run_time=0.8 if i < 2 else 0.35)
            if i == 0:
                self.explain_equation()
        self.say("The rest is cut in the same way, again and again", 0.4)

    @staticmethod
    def place(turn_number, low, high, side):
        """The lower left corner of the next square, its arc's centre and where that begins.

        The ends of the rectangle that is left, ``low`` and ``high``, are moved.
        """
        if turn_number == 0:
            corner = low.copy()
            low[0] += side
            return corner, corner + np.array([side, 0]), np.pi
        if turn_number == 1:
            corner = np.array([low[0], high[1] - side])
            high[1] -= side
            return corner, corner.copy(), np.pi / 2
        if turn_number == 2:
            corner = np.array([high[0] - side, low[1]])
            high[0] -= side
            return corner, corner + np.array([0, side]), 0.0
        corner = low.copy()
        low[1] += side
        return corner, corner + side, -np.pi / 2

    def explain_equation(self):
        self.write("φ : 1  =  1 : (φ − 1)", (1.7, 2.2), WHITE)
        self.write("φ² = φ + 1", (1.7, 1.6), WHITE)
        self.write("φ = (1 + √5) / 2 ≈ 1.618", (1.7, 1.0), YELLOW)

    def draw_spiral(self):
        self.say("A quarter circle in every square: the golden spiral", 0)
        pace = min(0.7, 3.5 / SQUARES)
        for arc in self.arcs:
            self.play(Create(arc), rate_func=linear, run_time=pace)
        self.wait(0.4)

    def fibonacci(self):
        """Ratios of neighbouring Fibonacci numbers."""
        self.say("Fibonacci numbers: each is the sum of the two before", 0)
        series = [1, 1]
        for _ in range(8):
            series.append(series[-1] + series[-2])
        self.write(", ".join(map(str, series)), (1.7, 0.2), BLUE)
        for i, y in zip((3, 5, 7, 9), (-0.45, -0.95, -1.45, -1.95), strict=True):
            ratio = series[i] / series[i - 1]
            self.write(f"{series[i]} / {series[i - 1]} {approx(ratio, 4)}", (1.7, y), WHITE)
        self.say("Their ratios close in on φ, from both sides in turn", 2.4)
