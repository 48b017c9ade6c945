"""Newton's method: tangents lead to a zero.

From a guess follow the tangent down to the axis; where it meets the axis is the next guess, x −
f(x) / f′(x). Near a simple zero the number of right digits about doubles in each step. A flat
tangent, or a guess too far off, leads astray. Source: Burden and Faires, Numerical Analysis,
section 2.3.

Parameters
----------
F : expression in x
    The function whose zero is sought.
START : number in [-10, 10]
    The first guess.

Example prompts
---------------
- How does Newton's method find a root?
- Newton's method for x^3 - 2 starting at 2
- Newton Raphson iteration on f(x) = x^2 - 5, start 4
- Find the zero of cos(x) - x by following tangents

Keywords
--------
Newton's method, Newton, Raphson, Newton-Raphson, root finding, root of a function, zero of a
function, zeros, iteration, tangent line to the axis, numerical, square root of two, solve equation,
next guess, iterate, find a root, approximate a root, zero crossing, numerical solution

Subjects
--------
Newton's method, Newton method, Newton-Raphson, Newton Raphson, Newton iteration, Newton Raphson
iteration, root finding, root finding by tangents, find a root by tangents, following tangents,
finding a zero, find the zero, find a zero of, approximate a root, zero of a function numerically,
numerical root, iterate tangents

Not
---
Newton's law, Newton's laws, Newton's second law, Newton's third law, Newton's cradle, Newton as a
    unit: physics
Newton polygon, Newton interpolation, Newton's identities: polynomials
Newton fractal: a picture
Newton's rings: optics
bisection, secant method, fixed point: another method
quasi-Newton: optimisation
Newton's law of cooling: heat
roots of a plant: biology
Gauss-Newton: fits
square root of a matrix: matrices
Isaac Newton: history
Newton polynomial: interpolation
root of a tree: data
optimisation: second derivatives
binomial theorem: an expansion
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    RED,
    YELLOW,
    Circle,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    chart_in,
    graph,
    label,
    number,
    values_of,
)


def F(x):
    return x**2 - 2


F_TEXT = "x² − 2"
START = 3

STEPS = 4
CENTER = (-2.2, 0.1)


class NewtonMethod(CaptionedScene):
    def construct(self):
        self.begin(f"Newton's method for f(x) = {F_TEXT}")
        self.find_guesses()
        if len(self.guesses) < 2:
            self.explain_failure()
            return
        self.show_curve()
        self.rows = []
        for step in range(len(self.guesses) - 1):
            self.follow_tangent(step)
        self.conclude()

    def value(self, x):
        return float(values_of(F, [x])[0])

    def slope(self, x):
        h = 1e-5 * max(1.0, abs(x))
        return (self.value(x + h) - self.value(x - h)) / (2 * h)

    def find_guesses(self):
        """The guesses, until the steps are made or one leads nowhere; ``trouble`` says why."""
        self.guesses, self.trouble = [], ""
        x = float(START)
        for _ in range(STEPS + 1):
            y, slope = self.value(x), self.slope(x)
            if np.isnan([y, slope]).any():
                self.trouble = f"At x = {number(x)} the function has no value or no slope"
                break
            self.guesses.append(x)
            if abs(y) < 1e-12:
                break
            if abs(slope) < 1e-4:
                self.trouble = "There the tangent is flat: it never meets the axis"
                break
            x -= y / slope
            if abs(x) > 40:
                self.trouble = "The next guess lies far away: this start leads astray"
                break

    def explain_failure(self):
        middle = label(f"start: x = {number(START)},  f(x) = {number(self.value(START), 3)}", 36)
        if np.isnan(self.value(START)):
            middle = label(f"start: x = {number(START)}", 36)
        self.play(FadeIn(middle), run_time=0.8)
        self.say(f"Newton's method begins at the guess x = {number(START)}", 1.6)
        self.say(self.trouble or "This guess is a zero already: there is nothing to do", 2)
        self.play(FadeIn(label("choose another start", 32, YELLOW).shift(DOWN)), run_time=0.7)
        self.say("Try again with another one: … starting at 2", 2.5)

    def find_other_zero(self, span):
        """Return the nearest other zero, if the way there is short and f changes its sign."""
        last, room = self.guesses[-1], 2.2 * max(span, 1.0)
        xs = np.linspace(last - room, last + room, 2002)
        ys = values_of(F, xs)
        size = np.nanmax(abs(ys[abs(xs - last) < 1.0])) if np.isfinite(ys).any() else 0
        changes = (ys[:-1] * ys[1:] < 0) & (abs(ys[:-1]) + abs(ys[1:]) < 0.1 * size)
        zeros = [float(x) for x in xs[:-1][changes] if abs(x - last) > 0.05 * room]
        self.others = sorted(zeros, key=lambda x: abs(x - last))[:1]
        return self.others

    def point_out_other_zero(self):
        """Mark the other zero, where one was found."""
        for zero in self.others:
            mark = Circle(radius=0.13, color=RED).move_to(self.axes.c2p(zero, 0))
            self.play(Create(mark), run_time=0.5)
            self.say(f"Another start leads to the other zero, near x = {number(zero)}", 2)

    def show_curve(self):
        low, high = min(self.guesses), max(self.guesses)
        other = self.find_other_zero(high - low)
        low, high = min([low, *other]), max([high, *other])
        margin = 0.18 * max(high - low, 1.0)
        left, right = low - margin, high + margin
        xs = np.linspace(left, right, 400)
        ys = values_of(F, xs)
        needed = [self.value(x) for x in self.guesses]
        if other:
            between = ys[
                (xs > min(other[0], self.guesses[-1])) & (xs < max(other[0], self.guesses[-1]))
            ]
            needed += [float(np.nanmin(between)), float(np.nanmax(between))]
        floor, top = min(*needed, 0.0), max(*needed, 0.0)
        room = 0.22 * max(top - floor, 0.5)
        floor, top = floor - room, top + room
        self.axes = chart_in((left, right), (floor, top), (7.6, 4.6), CENTER, ("x", "f(x)"))
        inside = (ys >= floor) & (ys <= top)
        curve = VGroup()
        for run in np.split(np.arange(400), np.flatnonzero(np.diff(inside.astype(int))) + 1):
            if inside[run[0]] and len(run) > 2:
                curve.add(graph(self.axes, xs[run], ys[run], BLUE, 5))
        self.play(FadeIn(self.axes), run_time=0.7)
        self.play(Create(curve), run_time=1)
        self.say("Where does the curve meet the axis? Begin with a guess", 0.4)
        self.dot = Dot(self.axes.c2p(self.guesses[0], 0), radius=0.1, color=YELLOW).set_z_index(4)
        first = label(f"x₀ {approx(self.guesses[0], 4)}", 28, YELLOW)
        self.first = first.move_to([3.0, 2.3, 0], aligned_edge=LEFT)
        self.play(FadeIn(self.dot, scale=2), FadeIn(self.first), run_time=0.6)

    def follow_tangent(self, step):
        x, after = self.guesses[step : step + 2]
        point, landing = self.axes.c2p(x, self.value(x)), self.axes.c2p(after, 0)
        rise = Line(self.axes.c2p(x, 0), point, color=GREY_B, stroke_width=3)
        tangent = Line(point, landing, color=GREEN, stroke_width=4)
        pace = 1.0 if step == 0 else 0.6
        self.play(Create(rise), run_time=0.5 * pace)
        if step == 0:
            self.say("Go up or down to the curve, and follow the tangent to the axis", 0)
        self.play(Create(tangent), run_time=pace)
        name = f"x{'₁₂₃₄'[step]} {approx(after, 4)}"
        row = label(name, 28, YELLOW).move_to([3.0, 2.3 - 0.62 * (step + 1), 0], aligned_edge=LEFT)
        self.play(self.dot.animate.move_to(landing), FadeIn(row), run_time=0.5 * pace)
        if step == 0:
            self.say("There is the next guess:  x − f(x) / f′(x)", 0.5)
        self.play(FadeOut(rise), tangent.animate.set_stroke(opacity=0.35), run_time=0.3)

    def conclude(self):
        last = self.guesses[-1]
        if self.trouble:
            self.say(self.trouble, 2.4)
        elif abs(self.value(last)) < 1e-4 * max(1.0, abs(self.value(self.guesses[0]))):
            self.say(f"Very soon it stands still: f({number(last, 5)}) ≈ 0", 1)
            self.say("Near a zero each step about doubles the number of right digits", 2)
            self.point_out_other_zero()
        else:
            self.say("It has not come to rest yet: more steps, or a better start, are needed", 2.4)
