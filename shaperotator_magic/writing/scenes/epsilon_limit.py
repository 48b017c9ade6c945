"""A limit by epsilon and delta.

f(x) has the limit L at a where for every ε > 0 there is a δ > 0 such that |f(x) − L| < ε for all x
with 0 < |x − a| < δ: however narrow the band around L, a strip around a keeps the graph inside it.
The value at a itself plays no part. Source: Spivak, Calculus, chapter 5.

Parameters
----------
F : expression in x
    The function.
POINT : number in [-10, 10]
    The place a.
EPSILON : number in [0.01, 2]
    Half the height of the first band.

Example prompts
---------------
- What is the epsilon-delta definition of a limit?
- limit of sin(x)/x as x goes to 0
- epsilon delta for x^2 at 2 with epsilon 0.5
- Show that (x^2 - 1)/(x - 1) tends to 2 at x = 1

Keywords
--------
limit, epsilon delta, epsilon-delta definition, limit of a function, approaches, tends to, goes to,
lim, arbitrarily close, delta, continuity, removable discontinuity, hole in a graph, one sided
limit, limit at a point, as x approaches, definition of the limit

Subjects
--------
ε-δ, ε δ, epsilon delta, epsilon-delta,
limit of a function, limit at a point, epsilon-delta definition, epsilon and delta, function value
approached at a hole, removable discontinuity

Not
---
speed limit, limit cycle, Chandrasekhar, Hopital, central limit, squeeze theorem, credit limit: no
    such limit
limit of a sequence, limit superior: a sequence
limit of a sequence: a function near a point is shown
derivative as a limit: no slopes are taken
limit at infinity: a finite point only
limit cycle, speed limit, limit order, rate limit, central limit: no limit of a function
"""

import numpy as np
from manim import (
    BLACK,
    BLUE,
    GREEN,
    WHITE,
    YELLOW,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    Rectangle,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    chart_in,
    equals,
    graph,
    number,
    values_of,
)


def F(x):
    return np.sin(x) / x


F_TEXT = "sin x / x"
POINT = 0
EPSILON = 0.2

CENTER = (-2.2, 0.1)
SIZE = (7.4, 4.6)
WIDEST = 3.0  # the largest strip, and half the width of the drawing


def find_limit():
    """The limit from the left and from the right; not a number where there is none."""
    sides = []
    for side in (-1, 1):
        near = values_of(F, POINT + side * np.array([1e-3, 1e-4, 1e-5]))
        jump = np.ptp(near)
        settled = np.isfinite(jump) and jump < 1e-2 * max(1.0, abs(near[-1]))
        sides.append(float(near[-1]) if settled else np.nan)
    return sides


def find_delta(limit, epsilon):
    """The widest strip whose graph stays in the band, rounded down; 0 where there is none."""
    steps = np.geomspace(1e-6, WIDEST, 6000)
    inside = [abs(values_of(F, POINT + side * steps) - limit) < epsilon for side in (-1, 1)]
    good = inside[0] & inside[1]
    if not good[0]:
        return 0.0
    delta = float(steps[-1] if good.all() else steps[int(np.argmin(good)) - 1])
    unit = 10.0 ** (np.floor(np.log10(delta)) - 1)
    return float(np.floor(delta / unit + 1e-9) * unit)


class EpsilonLimit(CaptionedScene):
    def construct(self):
        self.begin(f"The limit of {F_TEXT} at {number(POINT)}")
        left, right = find_limit()
        if np.isnan(left) and np.isnan(right):
            self.explain(f"near x = {number(POINT)}", "The function settles at no value there")
            return
        self.limit = round(float(np.nanmean([left, right])), 4) + 0.0
        self.show_graph()
        if np.isnan([left, right]).any() or abs(left - right) > 1e-3 * max(1.0, abs(left)):
            self.show_gap(left, right)
            return
        self.show_limit()
        self.show_band(EPSILON, "first")
        self.show_band(EPSILON / 4, "second")
        self.say("For every ε a δ can be found: that is what the limit means", 2.4)

    def show_graph(self):
        self.half = min(WIDEST, 4 * find_delta(self.limit, EPSILON) or WIDEST)
        xs = np.linspace(POINT - self.half, POINT + self.half, 601)
        ys = values_of(F, xs)
        self.ys = (self.limit - 2.2 * EPSILON, self.limit + 2.2 * EPSILON)
        self.axes = chart_in((xs[0], xs[-1]), self.ys, SIZE, CENTER, ("x", "y"))
        self.curve = VGroup()
        inside = (ys > self.ys[0]) & (ys < self.ys[1]) & (abs(xs - POINT) > 1e-9)
        for run in np.split(np.arange(601), np.flatnonzero(np.diff(inside.astype(int))) + 1):
            if inside[run[0]] and len(run) > 1:
                self.curve.add(graph(self.axes, xs[run], ys[run], BLUE, 5))
        self.play(FadeIn(self.axes), run_time=0.7)
        self.play(Create(self.curve), run_time=1.2)
        value = values_of(F, [POINT])[0]
        has_value = "no value" if np.isnan(value) else f"the value {number(value)}"
        self.say(f"At x = {number(POINT)} the function has {has_value}. What happens nearby?", 0.8)

    def show_limit(self):
        at = self.axes.c2p(POINT, self.limit)
        self.hole = Circle(radius=0.1, color=WHITE, stroke_width=4).set_fill(BLACK, 1)
        self.hole.move_to(at).set_z_index(4)
        self.play(FadeIn(self.hole, scale=2), run_time=0.6)
        xs = POINT + np.array([0.1, 0.01, 0.001])
        rows = [f"f({number(x, 3)}) {approx(values_of(F, [x])[0], 5)}" for x in xs]
        for words, y in zip(rows, (2.3, 1.75, 1.2), strict=True):
            self.write(words, (3.3, y), BLUE, 3.6)
        self.write(f"L {equals([self.limit])} {number(self.limit, 4)}", (3.3, 0.6), WHITE, 3.6)
        self.say("The values close in on L: how close, and how near must x be?", 0.6)

    def show_band(self, epsilon, which):
        """A band of half height epsilon around L, and a strip that keeps the graph inside."""
        delta = find_delta(self.limit, epsilon)
        y = -0.1 if which == "first" else -1.2
        sides = np.array([-1, 1])
        band = self.box(POINT + self.half * sides, self.limit + epsilon * sides)
        band.set_fill(GREEN, 0.25).set_stroke(GREEN, 2)
        self.say("Demand: closer to L than ε" if which == "first" else "A narrower band?", 0)
        self.play(FadeIn(band), run_time=0.7)
        self.write(f"ε = {number(epsilon, 4)}", (3.3, y), GREEN, 3.6)
        strip = self.box(POINT + max(delta, 0.004 * self.half) * sides, self.ys)
        strip.set_fill(YELLOW, 0.3).set_stroke(YELLOW, 2)
        answer = "A strip around a keeps the graph inside"
        self.say(answer if which == "first" else "A narrower strip answers it", 0)
        self.play(GrowFromCenter(strip), run_time=0.8)
        words = f"δ = {number(delta, 5)} is enough" if delta >= 1e-4 else "δ is below 0.0001"
        self.write(words, (3.3, y - 0.5), YELLOW, 3.6)
        self.wait(0.5)
        if which == "first":
            self.play(FadeOut(band, strip), run_time=0.4)

    def box(self, xs, ys):
        low, high = self.axes.c2p(xs[0], ys[0]), self.axes.c2p(xs[1], ys[1])
        size = np.maximum(high - low, 0.02)
        return Rectangle(width=size[0], height=size[1]).move_to((low + high) / 2)

    def show_gap(self, left, right):
        """The two sides disagree: no limit."""
        sides = [
            f"from the {side}: " + ("no value" if np.isnan(v) else f"towards {number(v, 3)}")
            for side, v in (("left", left), ("right", right))
        ]
        for words, y in zip(sides, (1.9, 1.3), strict=True):
            self.write(words, (3.1, y), YELLOW, 3.8)
        self.say("The two sides do not agree on one value", 1.2)
        self.say("So there is no limit: a narrow band can hold only one side", 2.6)
