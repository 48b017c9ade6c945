"""The normal distribution: areas under the bell curve.

The curve has its peak at the mean μ and turns at one standard deviation σ to either side. Areas
under it are probabilities: 68 % within one σ, 95 % within two, 99.7 % within three. Source:
DeGroot and Schervish, Probability and Statistics, section 5.6.

Parameters
----------
WITHIN : number in [0.2, 3]
    How many standard deviations the last area reaches to either side.
MEAN : number in [-200, 200]
    The mean μ.
SIGMA : number in [0.1, 100]
    The standard deviation σ.

Example prompts
---------------
- What is the normal distribution?
- bell curve with mean 100 and standard deviation 15
- Show the 68-95-99.7 rule
- gaussian distribution: how much lies within 1.5 sigma

Keywords
--------
normal distribution, bell curve, Gaussian, gaussian distribution, gauss curve, standard deviation,
mean, sigma, 68-95-99.7 rule, empirical rule, area under the bell, z score, variance, density, IQ,
normally distributed, standard normal, percentiles, heights of people

Subjects
--------
normal distribution, normal curve, bell curve, bell shaped curve, Gaussian distribution, Gaussian
curve, Gaussian bell, Gaussian, gauss curve, gauss distribution, standard normal, normally
distributed, empirical rule, three sigma rule, standard deviation, standard deviations, within
sigma, area under the bell, z score, z scores, IQ, heights of people

Not
---
PCA, principal component: two variables
Gaussian elimination, Gauss-Jordan: equations
Gaussian process: functions
Gaussian blur: images
Gaussian mixture: clusters
Gauss's law: electricity
Gaussian quadrature: integrals
Gaussian curvature: surfaces
Gaussian integers, Gauss sum: numbers
normal vector: geometry
normal map: graphics
normal form: databases
log-normal, t-distribution, Poisson, chi-squared, exponential distribution, uniform distribution:
    another distribution
multivariate normal: many variables
normal subgroup: algebra
central limit: sums
hypothesis test: a decision
confidence interval: an estimate
normal force: mechanics
church bell: music
normalising a vector: a length
standard deviation of a sample, box plot: data
bivariate, correlation, covariance: two variables
skewed, kurtosis: another shape
Bell numbers: partitions
bell inequality: quantum
normal modes: vibrations
back to normal: everyday
normal body temperature: medicine
"""

import math

import numpy as np
from manim import (
    BLUE,
    GREEN,
    TEAL,
    UP,
    WHITE,
    YELLOW,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    Polygon,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    graph,
    label,
    marks_below,
    number,
    replace_words,
)

MEAN = 100
SIGMA = 15
WITHIN = 1.5

AREAS = [(1, "68.3 %", BLUE), (2, "95.4 %", GREEN), (3, "99.7 %", TEAL)]


def density(z):
    """The standard normal density, its peak scaled to 1."""
    return np.exp(-(z**2) / 2)


class NormalDistribution(CaptionedScene):
    def construct(self):
        self.begin(f"The normal distribution with μ = {number(MEAN)} and σ = {number(SIGMA)}")
        self.axes = axes_in((-3.7, 3.7), (0, 1.1), (11.6, 4.3), (0, 0.25))
        self.show_curve()
        self.show_areas()
        self.show_within()

    def show_curve(self):
        steps = range(-3, 4)
        names = [number(MEAN + k * SIGMA) for k in steps]
        marks = marks_below(self.axes, steps, names)
        zs = np.linspace(-3.7, 3.7, 241)
        curve = graph(self.axes, zs, density(zs), WHITE, 5).set_z_index(3)
        self.play(Create(self.axes.x_axis), FadeIn(marks), run_time=0.9)
        self.play(Create(curve), run_time=1.4)
        self.say("Values near the mean are common, values far from it are rare", 0.8)
        peak = DashedLine(self.axes.c2p(0, 0), self.axes.c2p(0, 1), color=YELLOW, stroke_width=3)
        name = label("μ", 32, YELLOW).next_to(self.axes.c2p(0, 1), UP, buff=0.12)
        self.play(Create(peak), FadeIn(name), run_time=0.7)
        self.say("The mean μ is in the middle; σ says how wide the curve is", 0.8)

    def area(self, reach, color):
        zs = np.linspace(-reach, reach, 81)
        points = [self.axes.c2p(z, y) for z, y in zip(zs, density(zs), strict=True)]
        floor = [self.axes.c2p(reach, 0), self.axes.c2p(-reach, 0)]
        return Polygon(*points, *floor, stroke_width=0).set_fill(color, opacity=0.5)

    def show_areas(self):
        self.shown, self.share = None, None
        for reach, share, color in AREAS:
            ends = f"{number(MEAN - reach * SIGMA)} and {number(MEAN + reach * SIGMA)}"
            self.say(f"Within {reach} σ, between {ends}, lie {share}", 0)
            self.swap(self.area(reach, color), label(share, 40, color))
            self.wait(0.9)

    def swap(self, area, share):
        share.move_to([4.7, 2.0, 0])
        old = [] if self.shown is None else [FadeOut(self.shown)]
        words = replace_words(self.share or VGroup(), share, rise=0)
        self.play(FadeIn(area), *words, *old, run_time=0.8)
        self.shown, self.share = area, share

    def show_within(self):
        share = f"{100 * math.erf(WITHIN / math.sqrt(2)):.1f} %"
        self.swap(self.area(WITHIN, YELLOW), label(share, 40, YELLOW))
        reach = WITHIN * SIGMA
        ends = f"{number(MEAN - reach)} and {number(MEAN + reach)}"
        self.say(f"And within {number(WITHIN)} σ, between {ends}: {share}", 1.6)
        self.say("An area under the curve is a probability; the whole area is 1", 2)
