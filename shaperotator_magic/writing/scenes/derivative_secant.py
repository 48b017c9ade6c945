"""The derivative as the limit of secants.

The slope of the secant through x and x + h is (f(x + h) − f(x)) / h. As h shrinks, the secant turns
into the tangent and its slope into the derivative. Source: Spivak, Calculus, chapter 9.

Parameters
----------
F : expression in x
    The function; defined and smooth around the point.
POINT : number in [-5, 5]
    Where the derivative is taken.

Example prompts
---------------
- derivative of x^3 as the limit of secants
- What is a derivative? Show it for f(x) = x^2 at x = 1
- How does the secant line become the tangent line
- slope of sin(x) at x = 0
- Why is the derivative a limit of difference quotients?

Keywords
--------
derivative, differentiate, differentiation, secant, tangent, slope, limit, difference quotient, rate
of change, instantaneous, steepness, h goes to zero, calculus, chord, gradient of a curve, velocity,
difference quotients, limit definition, tangent line

Subjects
--------
how steep,
derivative, derivatives, differentiation, differentiate, slope of a function, slope of the tangent,
slope of a curve, tangent slope, secant, secant line, secants, tangent line, difference quotient,
rate of change, instantaneous rate of change, instantaneous velocity, limit definition of the
derivative, first principles, slope, tangent, steepness, h goes to zero

Not
---
partial derivative, directional derivative, tangent plane: two variables
second derivative: the derivative's derivative
chain rule: composed functions
product rule, quotient rule: of two functions
derivative financial, financial derivatives, derivatives market: money
implicit differentiation: equations
automatic differentiation: programs
differential equation: an equation
law of tangents: triangles
tangent bundle: manifolds
mean value theorem, Rolle: a theorem
derivative at infinity: no point
slope field: differential equations
dot notation: physics
antiderivative: the inverse
slope of a regression line: statistics
L'Hôpital: limits
secant method: a root finder
numerical derivative: errors
logarithmic differentiation: a technique
secant function, tangent function: trigonometry
ski slope: sport
inverse function: another rule
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    UP,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    Scene,
    ValueTracker,
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
POINT = 1

STEPS = [2.0, 1.0, 0.5, 0.1, 0.01]


def number(value, digits=3):
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".").replace("-", "−")
    return "0" if text in {"−0", ""} else text


def values_of(xs):
    """f at many places; where it has no value, not a number."""
    with np.errstate(all="ignore"):
        ys = np.asarray(F(np.asarray(xs, dtype=float)), dtype=float) * np.ones(len(xs))
    return np.where(np.isfinite(ys), ys, np.nan)


class DerivativeSecant(Scene):
    def construct(self):
        self.x0 = float(POINT)
        self.y0 = float(values_of([self.x0])[0])
        self.caption = VGroup()
        title = label(f"The derivative of {F_TEXT} at x = {number(POINT)}", 40)
        title.scale_to_fit_width(min(title.width, 13)).to_edge(UP, buff=0.3)
        self.play(Write(title), run_time=1)
        if not self.is_defined():
            self.explain_gap()
            return
        self.show_curve()
        self.show_secants()
        self.show_tangent()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def is_defined(self):
        nearby = values_of([self.x0, *np.linspace(self.x0 - 0.05, self.x0 + STEPS[0], 40)])
        return not np.isnan(nearby).any()

    def explain_gap(self):
        for words in (
            f"Around x = {number(POINT)} the function has no value everywhere",
            "So no secants can be drawn there, and there is no derivative to show",
            "Choose another point: … at x = 2",
        ):
            self.say(words)
            self.wait(1.8)
        self.play(Write(label(f"f(x) = {F_TEXT}", 48, BLUE)), run_time=1)
        self.play(FadeIn(label("not defined here", 32, YELLOW).shift(DOWN)), run_time=1)
        self.wait(2)

    def show_curve(self):
        left, right = self.x0 - 2.2, self.x0 + 3.2
        xs = np.linspace(left, right, 400)
        ys = values_of(xs)
        # What the secants need decides the height; a pole elsewhere must not flatten it.
        needed = values_of(np.linspace(self.x0 - 0.8, self.x0 + 2.2, 100))
        low, high = np.nanmin(needed), np.nanmax(needed)
        room = max(high - low, 0.5) * 0.25
        low, high = low - room, high + room
        self.axes = chart_in((left, right), (low, high), (7.6, 4.6), (-2.1, 0.15))
        inside = (ys >= low) & (ys <= high)
        curve = VGroup()
        for run in np.split(np.arange(400), np.flatnonzero(np.diff(inside.astype(int))) + 1):
            if inside[run[0]] and len(run) > 3:
                points = [self.axes.c2p(x, y) for x, y in zip(xs[run], ys[run], strict=True)]
                curve.add(VMobject(color=BLUE, stroke_width=5).set_points_smoothly(points[::4]))
        name = label(f"f(x) = {F_TEXT}", 30, BLUE)
        name.scale_to_fit_width(min(name.width, 4.2)).move_to([4.6, 2.3, 0])
        self.point = Dot(self.axes.c2p(self.x0, self.y0), radius=0.1, color=YELLOW).set_z_index(3)
        self.play(FadeIn(self.axes), run_time=0.8)
        self.play(Create(curve), FadeIn(name), run_time=1.2)
        self.play(FadeIn(self.point, scale=2), run_time=0.5)
        self.say("How steep is the curve at the yellow point?")
        self.wait(0.6)

    def slope(self, h):
        a, b = values_of([self.x0, self.x0 + h])
        return float((b - a) / h)

    def line_through(self, slope, color):
        """The line through the point, cut where the drawing ends."""
        axes = self.axes
        (left, right, _), (low, high, _) = axes.x_range, axes.y_range
        ends = [left - self.x0, right - self.x0]
        if abs(slope) > 1e-9:
            crossings = sorted(((low - self.y0) / slope, (high - self.y0) / slope))
            ends = [max(ends[0], crossings[0]), min(ends[1], crossings[1])]
        start, end = (axes.c2p(self.x0 + t, self.y0 + slope * t) for t in ends)
        return Line(start, end, color=color, stroke_width=4)

    def show_secants(self):
        step = ValueTracker(STEPS[0])
        other = Dot(radius=0.1, color=GREEN).set_z_index(3)

        def place(dot):
            x = self.x0 + step.get_value()
            dot.move_to(self.axes.c2p(x, float(values_of([x])[0])))

        def turn(line):
            line.become(self.line_through(self.slope(step.get_value()), GREEN))

        place(other)
        self.secant = self.line_through(self.slope(STEPS[0]), GREEN)
        self.play(FadeIn(other), Create(self.secant), run_time=1)
        self.say("A secant goes through a second point, h further along")
        rows = VGroup(
            *(label(f"h = {number(h)}:   slope {number(self.slope(h))}", 28, GREEN) for h in STEPS)
        ).arrange(DOWN, buff=0.28, aligned_edge=LEFT)
        rows.scale_to_fit_width(min(rows.width, 4.4)).move_to([4.6, 0.1, 0])
        self.rows = rows
        other.add_updater(place)
        self.secant.add_updater(turn)
        self.add(other, self.secant)
        for h, row in zip(STEPS, rows, strict=True):
            self.play(step.animate.set_value(h), FadeIn(row), run_time=1.3 if h < 2 else 0.6)
        other.clear_updaters()
        self.secant.clear_updaters()
        self.other = other

    def show_tangent(self):
        slope = (self.slope(1e-5) + self.slope(-1e-5)) / 2
        tangent = self.line_through(slope, YELLOW)
        self.say("As h goes to 0, the secant becomes the tangent")
        self.play(FadeOut(self.secant, self.other), FadeIn(tangent), run_time=0.8)
        result = label(f"h → 0:   slope {number(slope)}", 32, YELLOW)
        result.scale_to_fit_width(min(result.width, 4.6))
        result.next_to(self.rows, DOWN, buff=0.4).set_x(4.6)
        self.play(FadeIn(result, shift=0.15 * DOWN), run_time=0.8)
        self.wait(0.8)
        self.say(f"Its slope is the derivative: f′({number(POINT)}) = {number(slope)}")
        self.wait(2.5)
