"""The binomial distribution: how many of n trials succeed.

Each pattern with k successes has probability pᵏ (1 − p)ⁿ⁻ᵏ, and there are n choose k such
patterns; the product is the height of a bar. The mean is n p. Source: Feller, An Introduction to
Probability, volume 1, chapter 6.

Parameters
----------
TRIALS : integer in [2, 20]
    The number of trials n.
PROBABILITY : number in [0.05, 0.95]
    The chance of success p in one trial.

Example prompts
---------------
- What is the binomial distribution?
- binomial distribution with 12 trials and probability 0.3
- chance of exactly k heads in ten coin tosses
- Bernoulli trials: number of successes

Keywords
--------
binomial distribution, binomial, Bernoulli, trials, successes, number of successes, n choose k,
binomial probability, probability mass, exactly k heads, success probability, combinations, k
successes, n trials, independent trials, coin flips in a row

Subjects
--------
binomial distribution, binomial probability, binomial, successes, successes in trials, coins heads,
Bernoulli trials, Bernoulli distribution, Bernoulli experiment, number of successes, exactly k
heads, k successes, n independent trials, probability mass function of a binomial, exactly heads

Not
---
binomial theorem, binomial expansion: an expansion
binomial coefficient: Pascal's triangle shows them
binomial nomenclature: names of species
negative binomial: counts failures
binomial heap: a data structure
binomial series: a power series
Poisson: another distribution
Bernoulli equation: fluids
binomial tree: prices of options
"""

import math

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREY_D,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Circle,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    LaggedStart,
    Triangle,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    bars,
    label,
    marks_below,
    number,
    product,
)

TRIALS = 10
PROBABILITY = 0.4


def chance(k):
    return math.comb(TRIALS, k) * PROBABILITY**k * (1 - PROBABILITY) ** (TRIALS - k)


def raised(n):
    """A whole number as an exponent."""
    return str(n).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))


class BinomialDistribution(CaptionedScene):
    def construct(self):
        self.begin(f"{TRIALS} trials, each with success probability {number(PROBABILITY)}")
        self.likeliest = max(range(TRIALS + 1), key=chance)
        self.show_pattern()
        self.show_bars()
        self.show_mean()

    def build_pattern(self, hits):
        """A row of coins; those in ``hits`` are successes."""
        row = VGroup()
        for at in range(TRIALS):
            coin = Circle(radius=0.36, color=WHITE, stroke_width=2)
            row.add(coin.set_fill(YELLOW if at in hits else GREY_D, 0.9))
        row.arrange(RIGHT, buff=0.15)
        return row.scale_to_fit_width(min(row.width, 12)).move_to([0, 0.4, 0])

    def show_pattern(self):
        k = self.likeliest
        pattern = self.build_pattern(set(range(k)))
        self.play(FadeIn(pattern, lag_ratio=0.1), run_time=1)
        one = PROBABILITY**k * (1 - PROBABILITY) ** (TRIALS - k)
        self.say(f"This pattern with {k} successes has probability {one:.2g}", 0.7)
        random = np.random.default_rng(1)
        for _ in range(3):
            other = self.build_pattern(set(random.permutation(TRIALS)[:k].tolist()))
            self.play(FadeOut(pattern), FadeIn(other), run_time=0.4)
            pattern = other
        ways = math.comb(TRIALS, k)
        parts = ((PROBABILITY, k), (1 - PROBABILITY, TRIALS - k))
        factors = [ways, *(p for p, n in parts for _ in range(n))]
        digits, together = product(factors, 3)
        powers = " · ".join(f"{number(p, digits)}{raised(n)}" for p, n in parts)
        self.say(f"Patterns with {k} successes: {TRIALS} choose {k} = {ways}", 0.7)
        self.say(f"Together: {ways} · {powers} {together}", 0.8)
        self.pattern = pattern

    def show_bars(self):
        ks = np.arange(TRIALS + 1)
        heights = np.array([chance(int(k)) for k in ks])
        self.axes = axes_in((-0.8, TRIALS + 0.8), (0, 1.18 * heights.max()), (11, 3.9), (0, -0.15))
        columns = bars(self.axes, ks, heights, 0.8, BLUE)
        names = marks_below(self.axes, ks)
        self.play(FadeIn(self.axes.x_axis, names), FadeOut(self.pattern), run_time=0.6)
        grow = (GrowFromEdge(bar, DOWN) for bar in columns)
        self.play(LaggedStart(*grow, lag_ratio=0.15), run_time=2)
        self.say("The same for every number of successes gives the distribution", 0.8)
        top = columns[self.likeliest]
        value = label(number(chance(self.likeliest), 3), 28, YELLOW).next_to(top, UP, buff=0.12)
        self.play(top.animate.set_fill(YELLOW), FadeIn(value), run_time=0.7)
        self.say(f"The most likely number is {self.likeliest}", 0.8)

    def show_mean(self):
        mean = TRIALS * PROBABILITY
        spread = math.sqrt(mean * (1 - PROBABILITY))
        pointer = Triangle(color=RED, stroke_width=0).set_fill(RED, 1).scale(0.16)
        pointer.move_to(self.axes.c2p(mean, 0) + 0.62 * DOWN)
        self.play(FadeIn(pointer, shift=0.2 * UP), run_time=0.6)
        self.say(f"The mean, where the bars balance: n · p = {number(mean)}", 1.2)
        self.say(f"The standard deviation is √(n p (1 − p)) ≈ {number(spread)}", 2)
