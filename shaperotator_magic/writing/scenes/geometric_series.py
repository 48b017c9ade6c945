"""A geometric series inside a square.

Divide a square into n equal parts, colour one, and go on with the last part, and so on for ever.
Of the n − 1 parts that are not divided further the coloured one is as large as each other one, at
every size. So 1/n + 1/n² + 1/n³ + … is 1/(n − 1). Source: Nelsen, Proofs without Words, pages
118 to 121.

Parameters
----------
RATIO : one of: 1/2, 1/3, 1/4
    The ratio of each term to the one before, and the first term.
TERMS : integer in [3, 7]
    How many terms are drawn.

Example prompts
---------------
- Why is 1/2 + 1/4 + 1/8 + ... equal to 1?
- geometric series with ratio 1/4 in a square
- How can infinitely many numbers have a finite sum?
- Show the infinite sum 1/3 + 1/9 + 1/27

Keywords
--------
geometric series, infinite series, infinite sum, convergence, converge, ratio, finite sum, halves,
powers of a half, Zeno, partial sums, geometric progression, infinitely many terms, sum to infinity,
sum of halves, repeating halves, infinitely many, 0.999

Subjects
--------
geometric series, sum of a geometric series, infinite geometric series, geometric progression,
infinite sum, infinite series, sum of halves, halves, powers of a half, infinitely many numbers,
infinitely many terms, infinitely many, Zeno, Zeno's paradox, sum to infinity, repeating halves

Not
---
harmonic series: diverges
alternating series: signs
arithmetic series: equal steps
Taylor series, power series: of functions
Fourier series: of waves
Basel problem, sum of odd numbers: squares
geometric mean: an average
geometric distribution: probability
series circuit: electricity
geometric progression of a debt, compound interest: money
p-series: powers
telescoping: cancels
radius of convergence: of power series
golden ratio: one number
time series: data
p-test, ratio test: convergence
infinite loop: programs
TV series: television
"""

import numpy as np
from manim import (
    BLUE_D,
    TEAL_D,
    UP,
    WHITE,
    YELLOW,
    YELLOW_D,
    Create,
    FadeIn,
    Rectangle,
    Square,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    column,
    label,
    number,
)

RATIO = "1/2"
TERMS = 6

SIDE = 5.0
CENTER = np.array([-3.4, -0.15, 0.0])
OTHERS = [BLUE_D, TEAL_D]


class GeometricSeries(CaptionedScene):
    def construct(self):
        self.parts = int(RATIO[-1])
        self.begin(f"An endless sum: {RATIO} + ({RATIO})² + ({RATIO})³ + …")
        frame = Square(SIDE, color=WHITE, stroke_width=3).move_to(CENTER)
        self.play(Create(frame), run_time=0.7)
        self.say("The square has area 1", 0.4)
        self.rest = (CENTER[0] - SIDE / 2, CENTER[1] - SIDE / 2, SIDE, SIDE)
        self.build_rows()
        for step in range(TERMS):
            self.divide(step)
        self.explain()

    def build_rows(self):
        total, rows = 0.0, []
        for k in range(1, TERMS + 1):
            total += self.parts**-k
            sign = "  " if k == 1 else "+ "
            rows.append(label(f"{sign}1/{self.parts**k}    sum {number(total, 5)}", 28, YELLOW))
        self.rows = column(rows, (3.6, 0.7), gap=0.22)

    def split(self, step):
        """The rest in equal parts; the last one is the next rest."""
        x, y, width, height = self.rest
        if self.parts == 4:
            half = (width / 2, height / 2)
            places = [(0, 1), (1, 1), (0, 0), (1, 0)]
            return [(x + i * half[0], y + j * half[1], *half) for i, j in places]
        count = self.parts
        if step % 2 == 0:
            return [(x + k * width / count, y, width / count, height) for k in range(count)]
        return [(x, y + k * height / count, width, height / count) for k in range(count)]

    def draw(self, box, color):
        x, y, width, height = box
        shape = Rectangle(width=width, height=height, color=WHITE, stroke_width=1.5)
        return shape.set_fill(color, 0.8).move_to([x + width / 2, y + height / 2, 0])

    def divide(self, step):
        first, *others, self.rest = self.split(step)
        yellow = self.draw(first, YELLOW_D)
        blue = [self.draw(box, OTHERS[k]) for k, box in enumerate(others)]
        pace = 0.9 if step < 3 else 0.6
        self.play(FadeIn(yellow, *blue), FadeIn(self.rows[step]), run_time=pace)
        if step == 0:
            rest = "the rest is divided again"
            self.say(f"Colour 1/{self.parts} of it yellow; {rest}", 0.5)
        elif step == 1:
            self.say(f"Each yellow part is {RATIO} of the one before", 0.4)

    def explain(self):
        if self.parts == 2:
            self.say("What is missing halves each time: it becomes as small as you like", 1.2)
        else:
            kind = "is one part" if self.parts == 3 else "are two parts"
            self.say(f"For every yellow part there {kind} in other colours, just as large", 1.2)
        whole = "1" if self.parts == 2 else f"1/{self.parts - 1}"
        result = label(f"{RATIO} + ({RATIO})² + …  =  {whole}", 32, width=5.6)
        result.move_to([3.6, -2.0, 0])
        self.play(FadeIn(result, shift=0.2 * UP), run_time=0.8)
        part = "all" if self.parts == 2 else whole
        self.say(f"In the end yellow has {part} of the square", 2.2)
