"""The central limit theorem with dice.

One die is flat: every face is equally likely. The sum of two is a triangle, and the sum of many
comes near a bell curve with mean 3.5 n and variance 35 n / 12, whatever the one die looked like.
The bars are exact, by convolution. Source: Feller, An Introduction to Probability, volume 1,
chapter 10.

Parameters
----------
DICE : integer in [2, 10]
    How many dice are thrown in the end.

Example prompts
---------------
- Show the central limit theorem with dice
- Why does the sum of many dice look like a bell curve?
- central limit theorem for 5 dice
- distribution of the sum of two dice and more

Keywords
--------
central limit theorem, CLT, dice, die, sum of dice, rolling dice, sample mean, sums of random
variables, independent, approximately normal, throw, bell shaped, averages, averages of samples,
sampling distribution, sum of independent, converge to normal

Subjects
--------
central limit theorem, CLT, averages of samples, sample averages, averages become normal, sum of
dice, sums of dice, sum of many dice, dice sums, sampling distribution, distribution of the sample
mean, means of samples, sum of independent random variables, sums of random variables, throwing
dice, rolling dice, bell curve from dice

Not
---
limit: of a function
law of large numbers: frequencies settle
central dogma: biology
expected value of a die: one number
loaded die: one die
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    PURPLE,
    TEAL,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    LaggedStart,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    bars,
    column,
    graph,
    label,
    marks_below,
    number,
)

DICE = 6

COLORS = [BLUE, GREEN, TEAL, PURPLE]


def chances(count):
    """The chances of the sums count, …, 6·count of fair dice."""
    row = np.array([1.0])
    for _ in range(count):
        row = np.convolve(row, np.full(6, 1 / 6))
    return row


class CentralLimit(CaptionedScene):
    def construct(self):
        self.begin("The central limit theorem, with dice")
        self.shown = None
        counts = sorted({1, 2, min(3, DICE), DICE})
        for step, count in enumerate(counts):
            self.show_sum(count, COLORS[step])
        self.show_bell()

    def show_sum(self, count, color):
        row = chances(count)
        sums = np.arange(count, 6 * count + 1)
        top = 1.15 * row.max()
        margin = 0.04 * (6 * count - count) + 0.6
        self.axes = axes_in((count - margin, 6 * count + margin), (0, top), (10.6, 4.1), (0, 0.1))
        columns = bars(self.axes, sums, row, 0.86, color)
        step = 1 if count < 3 else 5 if count > 4 else 3
        names = marks_below(self.axes, sums[::step])
        name = "one die" if count == 1 else f"the sum of {count} dice"
        words = label(name, 30, color).move_to([4.7, 2.5, 0])
        shown = VGroup(self.axes.x_axis, names, words)
        old = [] if self.shown is None else [FadeOut(self.shown)]
        if old:
            self.play(*old, run_time=0.4)
        grow = LaggedStart(*(GrowFromEdge(bar, DOWN) for bar in columns), lag_ratio=0.05)
        self.play(FadeIn(shown), grow, run_time=1.2)
        self.shown = VGroup(shown, columns)
        self.say(self.describe(count), 0.9)

    def describe(self, count):
        if count == 1:
            return "One die: each face has chance 1/6. The picture is flat"
        if count == 2:
            return "Two dice: 7 can fall in six ways, 2 and 12 in only one"
        if count == DICE:
            return f"{count} dice: many ways lead to the middle, few to the ends"
        return f"{count} dice: the corners begin to round off"

    def show_bell(self):
        mean, variance = 3.5 * DICE, 35 * DICE / 12
        xs = np.linspace(DICE, 6 * DICE, 200)
        ys = np.exp(-((xs - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
        curve = graph(self.axes, xs, ys, YELLOW, 5)
        self.play(Create(curve), run_time=1.5)
        facts = column(
            [
                label(f"mean {number(mean)}", 26, YELLOW),
                label(f"standard deviation {number(np.sqrt(variance))}", 26, YELLOW),
            ],
            (-4.6, 2.2),
            gap=0.2,
        )
        self.play(FadeIn(facts), run_time=0.5)
        self.say("Yellow: the normal curve with the same mean and spread", 1.2)
        self.say("Sums of many independent things come near it, whatever each one is like", 2)
