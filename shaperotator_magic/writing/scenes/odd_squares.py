"""The sum of the first odd numbers is a square.

A square grows into the next one by an L-shaped border, which has 2k − 1 cells when the square
reaches side k. So the first n odd numbers add up to n squared. Source: Nelsen, Proofs without
Words, page 71; Nicomachus of Gerasa.

Parameters
----------
COUNT : integer in [3, 10]
    How many odd numbers are added.

Example prompts
---------------
- Why do the odd numbers add up to squares?
- sum of the first 6 odd numbers
- 1 + 3 + 5 + 7 is a perfect square, show why
- Square numbers as sums of odd numbers

Keywords
--------
odd numbers, sum of odd numbers, square numbers, perfect square, perfect squares, consecutive odd,
gnomon, figurate numbers, proof without words, induction, odd, odd integers, first n odd, square
number

Subjects
--------
sum of odd numbers, sums of odd numbers, odd numbers add up, adding odd numbers, sum of the first
odd numbers, first odd numbers, consecutive odd numbers, odd numbers, odd numbers make squares,
square numbers, perfect squares, perfect square, square number, gnomon, sum of odd integers, odd
integers

Not
---
sum of squares, sum of cubes, even numbers: another sum
odd functions: symmetry
prime numbers: no factors
triangular numbers, sum of the first natural numbers: all numbers
least squares: a fit
completing the square: equations
magic square, Latin square: a puzzle
odd permutation, difference of squares: algebra
odd perfect numbers, sum of two squares: number theory
odds: bets
square root: a root
Fermat: two squares
inverse square: physics
four-square: a theorem
chi-squared: statistics
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    PURPLE,
    RED,
    TEAL,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    LaggedStart,
    Square,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
    replace_words,
)

COUNT = 6

COLORS = [BLUE, GREEN, YELLOW, RED, TEAL, PURPLE]
SIDE = 4.4
CORNER = np.array([-5.4, -2.6, 0.0])


class OddSquares(CaptionedScene):
    def construct(self):
        self.begin("Odd numbers add up to squares")
        self.cell = SIDE / COUNT
        self.say("Begin with one cell", 0)
        self.sum = None
        for side in range(1, COUNT + 1):
            self.add_border(side)
        self.explain()

    def build_border(self, side):
        """The 2·side − 1 cells that make a square of this side out of the one before."""
        places = [(side - 1, y) for y in range(side)] + [(x, side - 1) for x in range(side - 1)]
        border = VGroup()
        for x, y in places:
            cell = Square(0.92 * self.cell, color=COLORS[(side - 1) % 6], stroke_width=0)
            cell.set_fill(opacity=0.85)
            border.add(cell.move_to(CORNER + self.cell * np.array([x + 0.5, y + 0.5, 0])))
        return border

    def add_border(self, side):
        border = self.build_border(side)
        odd = [2 * k - 1 for k in range(1, side + 1)]
        terms = " + ".join(map(str, odd)) if side < 7 else f"1 + 3 + 5 + … + {odd[-1]}"
        rows = VGroup(
            label(terms, 32, COLORS[(side - 1) % 6], width=6),
            label(f"=  {side**2}  =  {side}²", 36),
        )
        rows.arrange(DOWN, buff=0.3).move_to([3.3, 0.9, 0])
        pace = 1.0 if side < 5 else 0.7
        grow = LaggedStart(*(FadeIn(c, scale=0.5) for c in border), lag_ratio=0.1)
        self.play(grow, *replace_words(self.sum or VGroup(), rows, rise=0), run_time=pace)
        self.sum = rows
        if side == 2:
            self.say("An L of 3 cells turns it into a square of side 2", 0.4)
        elif side == 3:
            self.say("The next L has 5 cells: two more, one at each end", 0.4)
        else:
            self.wait(0.3)

    def explain(self):
        last = 2 * COUNT - 1
        self.say(f"The border number n has 2n − 1 cells; here 2·{COUNT} − 1 = {last}", 1.4)
        rule = label("1 + 3 + 5 + … + (2n − 1)  =  n²", 34, WHITE, width=6)
        rule.move_to([3.3, -1.0, 0])
        self.play(FadeIn(rule, shift=0.2 * UP), run_time=0.8)
        self.say("So the first n odd numbers always make a full square", 2.2)
