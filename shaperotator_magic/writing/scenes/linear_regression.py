"""Linear regression: the line with the least squares.

Each point has a residual, its vertical distance from the line. The line y = a x + b with the least
sum of squared residuals has the slope a = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², and goes through the mean
point (x̄, ȳ). R² = 1 − S/S₀ compares its sum S with the sum S₀ of the level line y = ȳ. Source:
Freedman, Pisani and Purves, Statistics, chapters 10 to 12.

Parameters
----------
POINTS : points, 3 to 8 of them, coordinates in [-100, 100]
    The data, as (x, y).

Example prompts
---------------
- Show linear regression
- Fit a line to (1, 2), (2, 3), (3, 5), (4, 4) by least squares
- What does the least squares line minimise?
- line of best fit with its residuals and R squared

Keywords
--------
linear regression, regression, least squares, line of best fit, best fit line, fit a line, trend
line, residual, residuals, squared error, sum of squares, R squared, slope and intercept, scatter
plot, data points, ordinary least squares, OLS, prediction, correlation

Subjects
--------
fit y, linear fit,
regression through points, regression through, regression line, line of regression, least squares
fit, best fit line,
line fitted to points, straight line fitted, fit a line,
linear regression, simple linear regression, least squares line, line of best fit, residuals,
sum of squared residuals, R squared, coefficient of determination, fitting a line to points

Not
---
logistic, quantile, Poisson, stepwise, nonlinear, kernel regression: another model
overfitting, cross-validation: how well it predicts
regression testing, software regression, regression therapy: no data
logistic regression: a curve of probabilities and no line
polynomial regression: only a straight line is fitted
multiple regression: one variable x only
regression to the mean, regression test, lasso regression, ridge regression: no line is fitted
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    Line,
    UpdateFromAlphaFunc,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    chart_in,
    equals,
    graph,
    number,
)

POINTS = [(1, 2), (2, 3), (3, 5), (4, 4), (5, 6)]

CENTER = (-2.6, 0.15)


class LinearRegression(CaptionedScene):
    def construct(self):
        self.begin("Linear regression: the line of least squares")
        self.xs, self.ys = np.array(POINTS, dtype=float).T
        self.mean = self.xs.mean(), self.ys.mean()
        self.spread = float(((self.xs - self.mean[0]) ** 2).sum())
        self.joint = float(((self.xs - self.mean[0]) * (self.ys - self.mean[1])).sum())
        if self.spread < 1e-9:
            same = f"x {approx(self.xs[0])} at every point"
            self.explain(same, "All points lie above one another", "No slope fits them best")
            return
        self.show_points()
        self.try_level_line()
        self.tilt()
        self.show_formula()

    def show_points(self):
        low, high = min(self.xs), max(self.xs)
        self.ends = np.array([low - 0.12 * (high - low), high + 0.12 * (high - low)])
        best = self.mean[1] + self.joint / self.spread * (self.ends - self.mean[0])
        floor, top = min(*self.ys, *best), max(*self.ys, *best)
        room = 0.08 * (top - floor) or 1
        y_range = (floor - room, top + room)
        self.axes = chart_in(tuple(self.ends), y_range, (6.9, 4.6), CENTER, ("x", "y"))
        self.dots = VGroup()
        for x, y in zip(self.xs, self.ys, strict=True):
            self.dots.add(Dot(self.axes.c2p(x, y), radius=0.1, color=YELLOW).set_z_index(4))
        self.play(FadeIn(self.axes), run_time=0.7)
        self.play(FadeIn(self.dots, lag_ratio=0.3), run_time=1)
        self.say("Which straight line describes these points best?", 0.8)

    def fit(self, slope):
        """The line of a slope through the mean point, and the residuals."""
        line = self.mean[1] + slope * (self.ends - self.mean[0])
        drawn = VGroup(graph(self.axes, self.ends, line, BLUE, 5))
        for x, y in zip(self.xs, self.ys, strict=True):
            foot = self.axes.c2p(x, self.mean[1] + slope * (x - self.mean[0]))
            drawn.add(Line(foot, self.axes.c2p(x, y), color=RED, stroke_width=4))
        return drawn

    def squares(self, slope):
        residuals = self.ys - self.mean[1] - slope * (self.xs - self.mean[0])
        return float((residuals**2).sum())

    def try_level_line(self):
        self.fitted = self.fit(0)
        self.play(Create(self.fitted[0]), run_time=0.7)
        self.say("A first try: the level line at the mean of y", 0)
        self.write(f"mean point: x̄ {approx(self.mean[0])}, ȳ {approx(self.mean[1])}", (1.9, 2.2))
        self.play(Create(self.fitted[1:]), run_time=0.8)
        self.say("Red: the residuals. Square them and add them up", 0)
        self.write(f"level line: S₀ {approx(self.squares(0), 4)}", (1.9, 1.5), RED)
        self.wait(0.6)

    def tilt(self):
        self.slope = self.joint / self.spread
        self.say("Turn the line about the mean point until the sum is least", 0)
        turned = UpdateFromAlphaFunc(self.fitted, lambda m, a: m.become(self.fit(a * self.slope)))
        self.play(turned, run_time=2.2)
        self.least = self.squares(self.slope)
        self.write(f"best line: S {approx(self.least, 4)}", (1.9, 0.8), RED)
        self.say("No other line has a smaller sum of squares", 0.8)

    def show_formula(self):
        quotient = f"{number(self.joint, 4)} / {number(self.spread, 4)}"
        self.write("a = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)²", (1.9, 0.0), BLUE)
        self.write(f"a = {quotient} {approx(self.slope, 3)}", (1.9, -0.6), BLUE)
        offset = self.mean[1] - self.slope * self.mean[0]
        sign = "−" if offset < 0 else "+"
        line = f"{number(self.slope, 3)} x {sign} {number(abs(offset), 3)}"
        self.write(f"y {equals([self.slope, offset], 3)} {line}", (1.9, -1.2), BLUE)
        total = self.squares(0)
        if total < 1e-9:
            self.say("All points lie on the level line: nothing is left to explain", 2.4)
            return
        share = 1 - self.least / total
        self.write(f"R² = 1 − S / S₀ {approx(share)}", (1.9, -1.8), GREEN)
        self.say(
            f"The line explains {number(100 * share, 0)} % of the squares of the level line", 2.4
        )
