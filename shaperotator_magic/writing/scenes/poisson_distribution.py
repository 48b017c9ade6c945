"""The Poisson distribution: how many rare events happen.

Where events come independently of each other, λ of them in the mean, exactly k come with
probability e^−λ λᵏ / k!. It is the limit of the binomial distribution: many short pieces of time,
each with a small chance λ/n. Mean and variance are both λ. Source: Feller, An Introduction to
Probability Theory, volume 1, chapter 6.

Parameters
----------
RATE : number in [0.5, 12]
    The mean number λ of events.
EVENTS : integer in [0, 20]
    The number k whose probability is computed.
SEED : integer in [0, 9999]
    Which random events are drawn.

Example prompts
---------------
- Show the Poisson distribution
- Poisson distribution with lambda 4
- How likely are exactly 3 calls when 2.5 are expected in an hour?
- Why is the Poisson distribution a limit of the binomial?

Keywords
--------
Poisson distribution, Poisson, rare events, lambda, rate of events, calls in an hour, expected
number of events, limit of the binomial, arrivals, counts, Poisson process, events in an interval,
mean equals variance, radioactive decay counts

Subjects
--------
Poisson, Poisson distributed, Poisson probability,
Poisson distribution, Poisson process counts, probability of k events, number of rare events, limit
of the binomial distribution

Not
---
compound Poisson, zero-inflated, Skellam, Erlang, Poisson spot: another subject
Poisson equation, Poisson bracket, Poisson ratio, Poisson kernel, Poisson summation, Poisson noise:
    no distribution
Poisson regression, Poisson process in the plane: another model
exponential distribution: counts are shown, not waiting times
Poisson equation: no partial differential equation
normal distribution: counts only
Poisson equation, Poisson bracket, Poisson ratio, Poisson process: no counts
"""

import math

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    LEFT,
    YELLOW,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    Transform,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    bars,
    chart_in,
    label,
    number,
)

RATE = 3
EVENTS = 2
SEED = 5

CENTER = (-2.0, -0.35)


def chance(k):
    return math.exp(-RATE) * RATE**k / math.factorial(k)


def binomial(n, k):
    p = RATE / n
    return math.comb(n, k) * p**k * (1 - p) ** (n - k) if k <= n else 0.0


class PoissonDistribution(CaptionedScene):
    def construct(self):
        self.begin(f"The Poisson distribution for λ = {number(RATE)}")
        self.most = max(math.ceil(RATE + 4 * math.sqrt(RATE)), 6)
        self.show_events()
        self.show_binomial()
        self.refine()
        self.show_formula()

    def show_events(self):
        """One stretch of time after the other, with events at random."""
        random = np.random.default_rng(SEED)
        self.say(f"Events by chance, {number(RATE)} of them an hour in the mean", 0)
        rows, counts = VGroup(), []
        for i in range(4):
            y = 2.2 - 0.95 * i
            line = Line([-5, y, 0], [3.4, y, 0], color=GREY_B, stroke_width=3)
            times = random.uniform(-4.9, 3.3, random.poisson(RATE))
            dots = (Dot([x, y, 0], radius=0.09, color=YELLOW) for x in times)
            name = label(f"hour {i + 1}", 26, GREY_B).next_to(line, LEFT, buff=0.3)
            count = label(f"{len(times)} events" if len(times) != 1 else "1 event", 28, YELLOW)
            rows.add(VGroup(line, name, VGroup(*dots), count.move_to([4.9, y, 0])))
            counts.append(len(times))
        for row in rows:
            self.play(FadeIn(row[0], row[1]), FadeIn(row[2], lag_ratio=0.3), run_time=0.7)
            self.play(FadeIn(row[3]), run_time=0.3)
        self.say("How likely is each number of events?", 0.8)
        self.play(FadeOut(rows), run_time=0.5)

    def show_binomial(self):
        pieces = max(8, math.ceil(1.5 * RATE))
        self.pieces = pieces
        heights = [binomial(pieces, k) for k in range(self.most + 1)]
        top = 1.15 * max(*heights, *(chance(k) for k in range(self.most + 1)))
        self.axes = chart_in(
            (-0.7, self.most + 0.7), (0, top), (8.4, 3.9), CENTER, ("k", "probability")
        )
        self.play(FadeIn(self.axes), run_time=0.6)
        self.say(f"Cut the hour into {pieces} pieces, each with the chance {self.share(pieces)}", 0)
        self.columns = bars(self.axes, range(self.most + 1), heights, 0.7, BLUE)
        self.play(FadeIn(self.columns, lag_ratio=0.1), run_time=1.2)
        self.name = self.write(f"n = {pieces} pieces", (3.4, 2.3), BLUE, 3.4)

    def share(self, pieces):
        return f"{number(RATE)} / {pieces}"

    def refine(self):
        self.say("At most one event a piece: that is a binomial distribution", 0.6)
        self.say("Finer and finer pieces: the bars come to rest", 0)
        for pieces in (4 * self.pieces, 40 * self.pieces):
            heights = [binomial(pieces, k) for k in range(self.most + 1)]
            columns = bars(self.axes, range(self.most + 1), heights, 0.7, BLUE)
            name = label(f"n = {pieces} pieces", 27, BLUE, 3.4)
            name.move_to([3.4, 2.3, 0], aligned_edge=LEFT)
            self.play(FadeOut(self.name), run_time=0.3)
            self.play(Transform(self.columns, columns), FadeIn(name), run_time=1)
            self.name = name

    def show_formula(self):
        self.say("The limit is the Poisson distribution", 0)
        heights = [chance(k) for k in range(self.most + 1)]
        columns = bars(self.axes, range(self.most + 1), heights, 0.7, GREEN)
        self.play(Transform(self.columns, columns), FadeOut(self.name), run_time=1)
        self.write("P(k) = exp(−λ) · λᵏ / k!", (3.1, 1.6), GREEN, 3.8)
        value = chance(EVENTS)
        words = f"P({EVENTS}) ≈ {number(value, 4)}" if value > 1e-4 else f"P({EVENTS}) < 0.0001"
        self.write(words, (3.1, 0.95), YELLOW, 3.8)
        if self.most >= EVENTS:
            self.play(self.columns[EVENTS].animate.set_fill(YELLOW), run_time=0.5)
        self.say(f"Mean and variance are both λ = {number(RATE)}", 2.4)
