"""Riemann sums: the area under a curve by more and more rectangles.

Every rectangle is as high as the curve in the middle of its strip. The more strips, the less is
left over, and the sum tends to the integral. Area below the axis counts as negative. Source:
Spivak, Calculus, chapter 13.

Parameters
----------
F : expression in x
    The function; defined on the whole interval.
START : number in [-10, 10]
    Left end of the interval.
END : number in [-10, 10]
    Right end of the interval.
RECTANGLES : integer in [2, 40]
    How many rectangles the first sum has.

Example prompts
---------------
- Show Riemann sums for x^2 from 0 to 3
- How do rectangles approximate the area under a curve?
- integral of sin(x) between 0 and pi as a limit of rectangles
- What is an integral? Use f(x) = x^3 - x on [-1, 2] with 8 rectangles
- area under the graph of 1/x from 1 to 4

Keywords
--------
Riemann sum, integral, integration, integrate, area under the curve, rectangles, strips, midpoint,
definite integral, antiderivative, limit, sum, partition, subintervals, area below a graph,
quadrature, accumulate, antiderivatives

Subjects
--------
Riemann sum, Riemann sums, integral, integrals, integration, integrate, definite integral, area
under the curve, area under a curve, area under the graph, area below the curve, area below a graph,
area under, area below, rectangles under a curve, rectangles approximate, thin rectangles, midpoint
rule, midpoint sum, quadrature, strips under a curve, limit of rectangles

Not
---
by substitution, substitution, partial fractions, by parts: ways to an antiderivative
integration by parts, by parts, integration by substitution, u-substitution, partial fractions: a
    rule
line integral: along a curve
surface integral: over a surface
double integral, Gaussian integral: two variables
triple integral: three variables
improper integral: to infinity
Lebesgue, Stieltjes: another integral
Riemann hypothesis, Riemann zeta: primes
Riemannian, area of a circle, area of a triangle, Riemann tensor, area of a rectangle: geometry
Riemann surface, Riemann sphere, Riemann mapping, contour integral: complex
Simpson, trapezoidal, trapezium, Romberg: another rule
Monte Carlo: random points
path integral: physics
fundamental theorem of calculus: the link
solid of revolution, volume of revolution: a volume
arc length: a length
social integration: people
continuous integration, system integration: software
integrated circuit: electronics
European integration: politics
Stokes, Green's theorem: vector calculus
area code: telephones
integral equation: an equation
area between: two curves
Fresnel integral: optics
integral domain: algebra
Euler integration: motion
elliptic integral: special functions
Riemann rearrangement: series
area of a parallelogram: a determinant
integral membrane: biology
antiderivative: another function
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    LEFT,
    RED,
    UP,
    WHITE,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Polygon,
    Scene,
    VGroup,
    VMobject,
    Write,
)

from shaperotator_magic.writing.scenes._stage import (
    chart_in,
    label,
    replace_words,
)


def F(x):
    return x**2


F_TEXT = "x²"
START = 0
END = 3
RECTANGLES = 6


def number(value, digits=3):
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text in {"−0", ""} else text


def values_of(xs):
    """f at many places; where it has no value, not a number."""
    with np.errstate(all="ignore"):
        ys = np.asarray(F(np.asarray(xs, dtype=float)), dtype=float) * np.ones(len(xs))
    return np.where(np.isfinite(ys) & (abs(ys) < 1e6), ys, np.nan)


class RiemannSums(Scene):
    def construct(self):
        self.a, self.b = sorted((float(START), float(END)))
        if self.a == self.b:
            self.b = self.a + 1
        self.caption = VGroup()
        name = f"{F_TEXT} from {number(self.a)} to {number(self.b)}"
        title = label(f"The area under {name}", 40)
        title.scale_to_fit_width(min(title.width, 13)).to_edge(UP, buff=0.3)
        self.play(Write(title), run_time=1)
        if np.isnan(values_of(np.linspace(self.a, self.b, 801))).any():
            self.explain_gap()
            return
        self.show_curve()
        self.show_sums()
        self.show_limit()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def explain_gap(self):
        for words in (
            f"Between {number(self.a)} and {number(self.b)} the function has no value everywhere",
            "So the area is not a plain Riemann sum there",
            "Choose another interval: … from 1 to 4",
        ):
            self.say(words)
            self.wait(1.8)
        self.play(Write(label(f"f(x) = {F_TEXT}", 48, BLUE)), run_time=1)
        self.play(FadeIn(label("not defined on all of it", 32, YELLOW).shift(DOWN)), run_time=1)
        self.wait(2)

    def show_curve(self):
        margin = 0.06 * (self.b - self.a)
        xs = np.linspace(self.a, self.b, 200)
        ys = values_of(xs)
        low, high = min(0.0, ys.min()), max(0.0, ys.max())
        room = max(high - low, 0.1) * 0.08
        x_range = (self.a - margin, self.b + margin)
        self.axes = chart_in(x_range, (low - room, high + room), (7.6, 4.6), (-2.1, 0.15))
        points = [self.axes.c2p(x, y) for x, y in zip(xs, ys, strict=True)]
        self.outline = points
        curve = VMobject(color=BLUE, stroke_width=5).set_points_smoothly(points[::5] + points[-1:])
        self.play(FadeIn(self.axes), run_time=0.6)
        self.play(Create(curve.set_z_index(3)), run_time=1.2)
        self.say("How large is the area between the curve and the axis?")
        self.wait(0.5)

    def build_rectangles(self, count):
        width = (self.b - self.a) / count
        middles = self.a + width * (np.arange(count) + 0.5)
        rectangles = VGroup()
        for x, y in zip(middles, values_of(middles), strict=True):
            corners = [
                (x - width / 2, 0),
                (x + width / 2, 0),
                (x + width / 2, y),
                (x - width / 2, y),
            ]
            color = YELLOW if y >= 0 else RED
            shape = Polygon(*(self.axes.c2p(*corner) for corner in corners))
            stroke = 1.5 if count <= 50 else 0
            rectangles.add(shape.set_stroke(WHITE, stroke).set_fill(color, opacity=0.5))
        return rectangles, float(values_of(middles).sum() * width)

    def show_sums(self):
        counts = [RECTANGLES, 2 * RECTANGLES, 4 * RECTANGLES, max(100, 8 * RECTANGLES)]
        self.rows = VGroup()
        shown = None
        for count in counts:
            rectangles, total = self.build_rectangles(count)
            row = label(f"{count} rectangles:  {number(total)}", 28, YELLOW)
            row.scale_to_fit_width(min(row.width, 4.3))
            row.move_to([2.45, 2.0 - 0.62 * len(self.rows), 0], aligned_edge=LEFT)
            self.rows.add(row)
            if shown is None:
                rise = (FadeIn(r, shift=0.2 * UP) for r in rectangles)
                self.play(LaggedStart(*rise, lag_ratio=0.15), run_time=1.6)
                self.say("Rectangles are easy: width times height in the middle of the strip")
            else:
                self.play(FadeOut(shown), FadeIn(rectangles), run_time=0.8)
            self.play(FadeIn(row), run_time=0.5)
            shown = rectangles
            if count == counts[1]:
                self.say("With more rectangles less is left over")
        self.rectangles = shown

    def show_limit(self):
        floor = [self.axes.c2p(self.b, 0), self.axes.c2p(self.a, 0)]
        area = Polygon(*self.outline, *floor).set_stroke(width=0).set_fill(YELLOW, opacity=0.5)
        self.play(FadeOut(self.rectangles), FadeIn(area), run_time=0.8)
        # Simpson's rule on a fine grid stands for the limit.
        xs = np.linspace(self.a, self.b, 2001)
        ys = values_of(xs)
        step = xs[1] - xs[0]
        integral = step / 3 * (ys[0] + ys[-1] + 4 * ys[1:-1:2].sum() + 2 * ys[2:-1:2].sum())
        result = label(f"limit:  {number(float(integral))}", 36, WHITE)
        result.scale_to_fit_width(min(result.width, 4.3))
        result.move_to([2.45, -0.75, 0], aligned_edge=LEFT)
        self.play(FadeIn(result, shift=0.15 * DOWN), run_time=0.8)
        below = " (what lies below the axis counts as negative)" if values_of(xs).min() < 0 else ""
        self.say(f"The limit of the sums is the integral{below}")
        self.wait(2.5)
