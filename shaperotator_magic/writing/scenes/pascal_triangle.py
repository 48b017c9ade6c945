"""Pascal's triangle.

Every number is the sum of the two above it. Row n holds the binomial coefficients n choose k: the
ways to choose k of n things, and the factors of (a + b)ⁿ. Its sum is 2ⁿ. The odd numbers make the
pattern of Sierpinski. Source: Graham, Knuth and Patashnik, Concrete Mathematics, section 5.1.

Parameters
----------
ROWS : integer in [4, 11]
    How many rows are drawn, the single 1 at the top included.

Example prompts
---------------
- Show Pascal's triangle
- How is pascal's triangle built? 8 rows
- binomial coefficients as a triangle of numbers
- Which numbers in Pascal's triangle are odd?

Keywords
--------
Pascal's triangle, Pascal, binomial coefficients, binomial theorem, binomial expansion, triangle of
numbers, row sums, Sierpinski, choose, expand (a+b)^n, combinatorics, powers of two, coefficients of
a binomial, entries of the triangle, combinations

Subjects
--------
Pascal's triangle, Pascal triangle, pascal triangle, triangle of binomial coefficients, triangle of
numbers, binomial coefficients, binomial coefficient, binomial theorem, binomial expansion,
coefficients of a binomial, n choose k, choose k of n, numbers in Pascal's triangle, combinations,
expand (a+b)^n

Not
---
pascal as a unit, Pascal's law, kilopascal: pressure
Pascal programming, Pascal language: a language
Pascal's wager: philosophy
Sierpinski triangle: a fractal by itself
permutations, permutation: order counts
right triangle, triangle: geometry
Pascal's theorem: conics
triangle inequality: lengths
binomial distribution: probability
multinomial: more terms
Blaise Pascal: history
Catalan, Stirling: other numbers
combination lock: a lock
Pedro Pascal: film
linear combinations, linear combination: vectors
"""

import math

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_D,
    WHITE,
    YELLOW,
    FadeIn,
    FadeOut,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    column,
    label,
)

ROWS = 8

TOP = 2.55


class PascalTriangle(CaptionedScene):
    def construct(self):
        self.begin("Pascal's triangle")
        self.gap = min(0.68, 5.1 / (ROWS - 1))
        self.wide = min(1.15, 7.8 / (ROWS - 1))
        self.size = 30 if ROWS < 9 else 25
        self.rows = []
        self.grow()
        self.sum_rows()
        self.expand()
        self.paint_odd()

    def place(self, n, k):
        return np.array([-2.2 + self.wide * (k - n / 2), TOP - self.gap * n, 0])

    def build_row(self, n):
        return VGroup(
            *(label(str(math.comb(n, k)), self.size).move_to(self.place(n, k))
              for k in range(n + 1))
        )  # fmt: skip

    def grow(self):
        for n in range(ROWS):
            row = self.build_row(n)
            if n == 2:
                self.say("Every number is the sum of the two above it", 0)
                above = self.rows[-1]
                self.play(above.animate.set_color(YELLOW), FadeIn(row), run_time=0.8)
                self.play(row[1].animate.set_color(YELLOW), run_time=0.5)
                self.play(VGroup(above, row).animate.set_color(WHITE), run_time=0.4)
            elif n == 0:
                self.play(FadeIn(row), run_time=0.5)
                self.say("It begins with a 1, and has ones along both edges", 0.3)
            else:
                self.play(FadeIn(row, lag_ratio=0.2), run_time=0.5 if n < 6 else 0.4)
            self.rows.append(row)

    def sum_rows(self):
        self.say("Count the rows from 0: row n adds up to 2ⁿ", 0)
        sums = VGroup(
            *(label(f"{2**n}", self.size, GREEN).move_to([4.3, TOP - self.gap * n, 0])
              for n in range(ROWS))
        )  # fmt: skip
        head = label("sum", self.size, GREEN).move_to([5.7, TOP, 0])
        self.play(FadeIn(sums, lag_ratio=0.3), FadeIn(head), run_time=1.6)
        self.wait(0.8)
        self.play(FadeOut(sums, head), run_time=0.4)

    def expand(self):
        n = min(4, ROWS - 1)
        lines = {
            3: ["(a + b)³ =", "1 a³ + 3 a²b", "+ 3 ab² + 1 b³"],
            4: ["(a + b)⁴ =", "1 a⁴ + 4 a³b + 6 a²b²", "+ 4 ab³ + 1 b⁴"],
        }[n]
        self.play(self.rows[n].animate.set_color(BLUE), run_time=0.5)
        formula = column([label(words, 28, BLUE) for words in lines], (4.9, 1.9), width=4.2)
        self.play(FadeIn(formula), run_time=0.7)
        ways = "4 choose 2 = 6 ways to a²b²" if n == 4 else "3 choose 1 = 3 ways to a²b"
        self.say(f"Row {n} has the factors of (a + b){'⁰¹²³⁴'[n]}: {ways}", 1.6)
        self.play(self.rows[n].animate.set_color(WHITE), FadeOut(formula), run_time=0.5)

    def paint_odd(self):
        odd, even = VGroup(), VGroup()
        for n, row in enumerate(self.rows):
            for k, entry in enumerate(row):
                (odd if math.comb(n, k) % 2 else even).add(entry)
        self.say("Paint the odd numbers: a pattern of triangles within triangles", 0)
        self.play(odd.animate.set_color(YELLOW), even.animate.set_color(GREY_D), run_time=1.2)
        self.wait(2)
