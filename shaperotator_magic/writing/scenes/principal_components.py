"""Principal components of a cloud of points.

The first principal component is the direction in which the points spread most; the second stands
at right angles to it. They are the eigenvectors of the covariance matrix, and its eigenvalues are
the variances along them. Source: Hastie, Tibshirani and Friedman, The Elements of Statistical
Learning, section 14.5.

Parameters
----------
CORRELATION : number in [-0.95, 0.95]
    How strongly the two coordinates go together.
SPREADS : vector of 2 numbers, entries in [0.5, 3]
    The standard deviations of x and y.
COUNT : integer in [20, 80]
    How many points are drawn.
SEED : integer in [0, 9999]
    Which random points.

Example prompts
---------------
- What is principal component analysis?
- PCA of 50 points with correlation 0.8
- Show the directions of greatest variance
- Why are principal components the eigenvectors of the covariance matrix?

Keywords
--------
principal component analysis, PCA, principal components, principal axes, direction of greatest
variance, covariance matrix, dimension reduction, dimensionality reduction, explained variance,
project the data, scatter of points, variance along a direction, eigenvectors of the covariance

Subjects
--------
principal axes, principal axes of a covariance matrix,
principal component analysis, PCA, principal components, direction of greatest variance,
eigenvectors of the covariance matrix, dimensionality reduction to one dimension, explained variance

Not
---
independent component, factor analysis, kernel PCA, t-SNE, UMAP, linear discriminant: another method
principal ideal, school principal, principal amount: no data
linear regression: distances at right angles to the line, not vertical ones
t-SNE: directions only, nothing is bent
singular value decomposition of a matrix: data are shown here
principal ideal, principal agent: no data
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    RIGHT,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    UpdateFromAlphaFunc,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    chart_in,
    label,
    matrix_block,
    number,
)

CORRELATION = 0.8
SPREADS = [2, 1.2]
COUNT = 40
SEED = 3

CENTER = (-2.9, 0.15)
SIDE = 4.8


def draw_points():
    a, b = SPREADS
    covariance = [[a * a, CORRELATION * a * b], [CORRELATION * a * b, b * b]]
    points = np.random.default_rng(SEED).multivariate_normal([0, 0], covariance, COUNT)
    return points - points.mean(axis=0)


class PrincipalComponents(CaptionedScene):
    def construct(self):
        self.begin("Principal components: where the data spread most")
        self.points = draw_points()
        self.covariance = np.cov(self.points.T)
        values, vectors = np.linalg.eigh(self.covariance)
        self.variances, self.directions = np.round(values[::-1], 2), vectors.T[::-1]
        if self.directions[0][0] < 0:
            self.directions = -self.directions
        self.show_points()
        self.turn_line()
        self.show_second()
        self.project()

    def show_points(self):
        reach = 1.1 * abs(self.points).max()
        self.axes = chart_in((-reach, reach), (-reach, reach), (SIDE, SIDE), CENTER, ("x", "y"))
        self.reach = reach
        self.dots = VGroup(*(Dot(self.axes.c2p(*p), radius=0.06, color=BLUE) for p in self.points))
        self.play(FadeIn(self.axes), FadeIn(self.dots, lag_ratio=0.03), run_time=1.2)
        self.say(f"{COUNT} points, moved so that their mean is (0, 0)", 0.5)
        block = VGroup(label("covariance ≈", 26), matrix_block(self.covariance, 26))
        block.arrange(RIGHT, buff=0.2).move_to([3.6, 2.2, 0])
        self.play(FadeIn(block), run_time=0.6)

    def line(self, angle, color=YELLOW):
        end = 0.98 * self.reach * np.array([np.cos(angle), np.sin(angle)])
        return Line(self.axes.c2p(*(-end)), self.axes.c2p(*end), color=color, stroke_width=4)

    def variance(self, angle):
        direction = np.array([np.cos(angle), np.sin(angle)])
        return float(direction @ self.covariance @ direction)

    def turn_line(self):
        """Turn a line once round; a bar shows the variance along it."""
        best = float(np.arctan2(self.directions[0][1], self.directions[0][0]))
        self.say("How far do they spread along a line? Turn it and look", 0)
        place = np.array([1.3, 0.75, 0])
        longest = self.variances[0]

        def build(angle):
            length = max(0.03, 4.4 * self.variance(angle) / longest)
            bar = Line(place, place + length * RIGHT, color=YELLOW, stroke_width=14)
            return VGroup(self.line(angle), bar)

        drawn = build(best - np.pi)
        self.write("variance along the line:", (1.3, 1.2), YELLOW)
        self.play(FadeIn(drawn), run_time=0.5)
        turned = UpdateFromAlphaFunc(drawn, lambda m, a: m.become(build(best - np.pi * (1 - a))))
        self.play(turned, run_time=3.2)
        self.write(f"greatest: {number(longest)}", (1.3, 0.3), YELLOW)
        self.say("Here it is greatest: the first principal component", 0.8)
        self.bar = drawn

    def show_second(self):
        second = self.line(float(np.arctan2(*self.directions[1][::-1])), GREEN)
        self.play(Create(second), run_time=0.7)
        self.write(f"at right angles: {number(self.variances[1])}", (1.3, -0.3), GREEN)
        self.say("The second stands at right angles to it: the least variance", 0.8)
        self.say("Both are eigenvectors of the covariance matrix", 0.6)
        self.second = second

    def project(self):
        """Drop all points onto the first component."""
        share = self.variances[0] / self.variances.sum()
        self.say("Keep only the first: drop every point onto its line", 0)
        self.play(FadeOut(self.second), run_time=0.3)
        feet = [p @ self.directions[0] * self.directions[0] for p in self.points]
        moves = (d.animate.move_to(self.axes.c2p(*f)) for d, f in zip(self.dots, feet, strict=True))
        self.play(*moves, run_time=1.6)
        total = self.variances.sum()
        words = f"{number(self.variances[0])} / {number(total)} ≈ {number(100 * share, 1)} %"
        self.write(words, (1.3, -0.9), WHITE)
        self.say(f"One number a point keeps {number(100 * share, 1)} % of the variance", 2.4)
