"""The law of large numbers: frequencies settle down.

In repeated trials the share of successes wanders widely at first, and then ever closer to the
probability; its typical distance shrinks like one over the square root of the number of trials.
Source: Feller, An Introduction to Probability, volume 1, chapters 6 and 10.

Parameters
----------
PROBABILITY : number in [0.05, 0.95]
    The chance of success in one trial.
FLIPS : integer in [50, 2000]
    How many trials each run has.
SEED : integer in [0, 9999]
    Which random numbers are drawn.

Example prompts
---------------
- Show the law of large numbers with coin flips
- Why does the average settle down after many trials?
- law of large numbers with probability 0.3 and 1000 flips
- flipping a coin many times, share of heads

Keywords
--------
law of large numbers, coin flips, coin, coin tosses, toss, heads, tails, relative frequency, share
of heads, many trials, average settles, long run, running average, frequency, repeated trials,
flips, flipping, proportion of heads, empirical probability, experimental probability, converge to
the probability

Subjects
--------
law of large numbers, large numbers, coin flips, coin tosses, flipping a coin, flip a coin, tossing
a coin, toss a coin, fair coin, share of heads, relative frequency, average settles down, many
trials, running average, proportion of heads, empirical probability, long run frequency, repeated
trials

Not
---
binomial: exact probabilities
largest number, Graham's number, numbers with many digits, floating point: arithmetic
coin change: an algorithm
coin collection: a hobby
bitcoin, gambler's ruin: money
Benford: first digits
law of small numbers: rare events
average speed: motion
moving average, exponential moving: of a signal
regression to the mean: statistics
Monte Carlo: an estimate of an area
exactly k heads: binomial
central limit: the shape
martingale: bets
strong law: a proof
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    LEFT,
    PURPLE,
    RED,
    RIGHT,
    UP,
    YELLOW,
    Create,
    DashedLine,
    FadeIn,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    column,
    graph,
    label,
    marks_below,
    number,
)

PROBABILITY = 0.5
FLIPS = 500
SEED = 3

COLORS = [BLUE, GREEN, PURPLE]


class LargeNumbers(CaptionedScene):
    def construct(self):
        self.begin("The law of large numbers")
        random = np.random.default_rng(SEED)
        hits = random.random((3, FLIPS)) < PROBABILITY
        self.shares = np.cumsum(hits, axis=1) / np.arange(1, FLIPS + 1)
        self.show_axes()
        self.say(f"Flip a coin that shows heads with probability {number(PROBABILITY)}", 0.5)
        self.run(0, "The share of heads jumps about at first …", 3.5)
        self.show_readings()
        self.run(1, "Another run goes its own way, and settles as well", 2.2)
        self.run(2, "So does a third", 1.8)
        self.show_funnel()

    def show_axes(self):
        self.axes = axes_in((0, FLIPS), (0, 1), (8.2, 4.4), (-2.1, 0.15))
        counts = [0, FLIPS // 2, FLIPS]
        marks = marks_below(self.axes, counts)
        left = VGroup()
        for height, name in ((0.0, "0"), (1.0, "1")):
            left.add(label(name, 24, GREY_B).next_to(self.axes.c2p(0, height), LEFT, buff=0.15))
        goal = DashedLine(
            self.axes.c2p(0, PROBABILITY), self.axes.c2p(FLIPS, PROBABILITY), color=YELLOW
        )
        name = label(f"p = {number(PROBABILITY)}", 26, YELLOW)
        name.next_to(self.axes.c2p(FLIPS, PROBABILITY), RIGHT, buff=0.15)
        words = label("share of heads", 24, GREY_B).next_to(self.axes.c2p(0, 1), UP, buff=0.25)
        words.align_to(self.axes, LEFT)
        self.play(FadeIn(self.axes, marks, left, words), run_time=0.8)
        self.play(Create(goal), FadeIn(name), run_time=0.7)

    def run(self, index, sentence, run_time):
        self.say(sentence, 0)
        shares = self.shares[index]
        line = graph(self.axes, np.arange(1, FLIPS + 1), shares, COLORS[index], 3)
        self.play(Create(line), rate_func=linear, run_time=run_time)

    def show_readings(self):
        shares = self.shares[0]
        rows = [
            label(f"after {count}: {number(shares[count - 1], 3)}", 26, BLUE)
            for count in (10, 50, FLIPS)
            if count <= FLIPS
        ]
        if FLIPS == 50:
            rows.pop()
        height = 2.0 if PROBABILITY < 0.6 else -1.4
        self.play(FadeIn(column(rows, (5.3, height), gap=0.22, width=2.9)), run_time=0.6)
        self.say("… and then comes to rest near the probability", 0.8)

    def show_funnel(self):
        counts = np.arange(2, FLIPS + 1)
        spread = 2 * np.sqrt(PROBABILITY * (1 - PROBABILITY) / counts)
        lines = VGroup(
            *(
                graph(self.axes, counts, np.clip(PROBABILITY + sign * spread, 0, 1), RED, 3)
                for sign in (1, -1)
            )
        )
        self.play(Create(lines), run_time=1.2)
        self.say("Red: two standard deviations. Four times the flips, half the distance", 1.6)
        self.say("No flip makes up for earlier ones: they only weigh less and less", 2)
