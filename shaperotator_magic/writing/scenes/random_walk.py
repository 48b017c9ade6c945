"""A random walk: steps left or right by chance.

Each step goes up with probability p and down with 1 − p. After n steps the mean place is n (2p − 1)
and the standard deviation 2 √(n p (1 − p)): for p = ½ the walks spread like √n. Source: Feller, An
Introduction to Probability Theory, volume 1, chapter 3.

Parameters
----------
STEPS : integer in [10, 200]
    How many steps.
WALKERS : integer in [1, 40]
    How many walks are drawn.
PROBABILITY : number in [0.1, 0.9]
    The chance of a step up.
SEED : integer in [0, 9999]
    Which random steps.

Example prompts
---------------
- Show a random walk
- random walk with 100 steps and 20 walkers
- How far does a drunkard get after n steps?
- A biased random walk with probability 0.6

Keywords
--------
random walk, random walks, drunkard's walk, brownian motion, diffusion of walkers, steps left or
right, coin flips added up, square root of n, spread of walks, random steps, biased walk, walker,
stochastic process, gambler

Subjects
--------
walker, step left or right,
random walk, one-dimensional random walk, drunkard's walk, biased random walk, spread of random
walks, square root law

Not
---
self-avoiding, loop-erased, random walk on a graph, PageRank: another walk
Brownian, Wiener, Levy flight: continuous
stock, option pricing: finance
random walk on a graph: a line only
random walk in two dimensions: up and down only
stock prices: steps of one size
random forest, random number generator, random graph: nobody walks
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    PURPLE,
    RED,
    TEAL,
    WHITE,
    YELLOW,
    Create,
    FadeIn,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    chart_in,
    graph,
    number,
)

STEPS = 100
WALKERS = 20
PROBABILITY = 0.5
SEED = 2

CENTER = (-1.6, 0.1)
SIZE = (8.6, 4.5)


class RandomWalk(CaptionedScene):
    def construct(self):
        random = np.random.default_rng(SEED)
        steps = np.where(random.random((WALKERS, STEPS)) < PROBABILITY, 1, -1)
        self.walks = np.hstack([np.zeros((WALKERS, 1), dtype=int), steps.cumsum(axis=1)])
        self.begin("A random walk: each step up or down by chance")
        self.show_axes()
        self.first_walk()
        self.other_walks()
        self.show_spread()
        self.count_ends()

    def mean(self, n):
        return n * (2 * PROBABILITY - 1)

    def deviation(self, n):
        return 2 * np.sqrt(n * PROBABILITY * (1 - PROBABILITY))

    def show_axes(self):
        low = min(self.walks.min(), self.mean(STEPS) - 2.2 * self.deviation(STEPS), -2)
        high = max(self.walks.max(), self.mean(STEPS) + 2.2 * self.deviation(STEPS), 2)
        self.axes = chart_in((0, STEPS), (low, high), SIZE, CENTER, ("n", "place"))
        self.play(FadeIn(self.axes), run_time=0.7)
        chances = f"up with p = {number(PROBABILITY)}, down with {number(1 - PROBABILITY)}"
        self.say(f"Begin at 0. Each step goes {chances}", 0.5)

    def path(self, walk, color, width):
        return graph(self.axes, range(STEPS + 1), walk, color, width)

    def first_walk(self):
        walk = self.path(self.walks[0], YELLOW, 4).set_z_index(2)
        self.play(Create(walk), rate_func=linear, run_time=3)
        end = int(self.walks[0][-1])
        self.say(f"This walk is at {number(end)} after {STEPS} steps", 0.6)

    def other_walks(self):
        if WALKERS < 2:
            return
        colors = (BLUE, TEAL, PURPLE, GREEN)
        others = VGroup(
            *(self.path(w, colors[i % 4], 1.8) for i, w in enumerate(self.walks[1:]))
        ).set_stroke(opacity=0.7)
        more = "another walk goes" if WALKERS == 2 else f"{WALKERS - 1} more walks go"
        self.say(f"By other chances, {more} elsewhere", 0)
        self.play(Create(others, lag_ratio=0), rate_func=linear, run_time=2.2)
        self.wait(0.4)

    def show_spread(self):
        """The mean, and one standard deviation on both sides, for every n."""
        ns = np.linspace(0, STEPS, 80)
        middle = graph(self.axes, ns, self.mean(ns), WHITE, 3)
        bounds = VGroup(
            *(
                graph(self.axes, ns, self.mean(ns) + side * self.deviation(ns), RED, 4)
                for side in (-1, 1)
            )
        )
        fair = abs(PROBABILITY - 0.5) < 1e-9
        name = "√n" if fair else "2 √(n p (1 − p))"
        self.say(f"Red: the mean plus and minus one standard deviation, {name}", 0)
        self.play(Create(middle), Create(bounds), run_time=1.4)
        spot = (3.5, 1.9)
        self.write(f"n = {STEPS}:", spot, WHITE, 3.4)
        self.write(f"mean {approx(self.mean(STEPS))}", (3.5, 1.35), WHITE, 3.4)
        self.write(f"st. dev. {approx(self.deviation(STEPS))}", (3.5, 0.8), RED, 3.4)

    def count_ends(self):
        off = abs(self.walks[:, -1] - self.mean(STEPS)) <= self.deviation(STEPS)
        inside = int(off.sum())
        if WALKERS > 1:
            self.say(f"{inside} of {WALKERS} walks end between the red curves", 1)
        if abs(PROBABILITY - 0.5) < 1e-9:
            self.say("Four times as many steps carry it only twice as far", 2.4)
        else:
            self.say("The drift grows like n, the spread only like √n", 2.4)
