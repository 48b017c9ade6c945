"""The chain rule: stretch factors are multiplied.

A composite function sends x to u = g(x), and u to y = f(u). A small step at x becomes about g′(x)
times as long at u, and that about f′(u) times as long at y. So dy/dx = f′(u) · g′(x), the outer
slope at the inner value. Source: Spivak, Calculus, chapter 10.

Parameters
----------
OUTER : one of: sin, cos, exp, ln, sqrt, square, cube
    The outer function f.
INNER : one of: x^2 + 1, x^2, x^3, 2x + 1, 3x
    The inner function g.
POINT : number in [-2, 2]
    The x at which the derivative is taken.

Example prompts
---------------
- How does the chain rule work?
- derivative of sin(x^2) at x = 1 as outer times inner derivative
- Differentiate the composite function exp(3x)
- Why are the derivatives of nested functions multiplied?

Keywords
--------
chain rule, composite function, composition, nested functions, inner derivative, outer derivative,
inner function, outer function, derivative of a composition, function of a function, du/dx, dy/du,
multiply derivatives, differentiate, inside and outside

Subjects
--------
function inside a function, dy du,
chain rule, derivative of a composite function, inner and outer function, nested functions,
derivative of f(g(x))

Not
---
product rule, quotient rule, power rule: another rule
supply chain, food chain, chain reaction, Markov: another chain
chain rule of probability: probabilities
product rule: functions are nested here, not multiplied
quotient rule: no quotient is differentiated
multivariable chain rule: one variable x only
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    RED,
    UP,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    TransformFromCopy,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    label,
    number,
    product,
    ticks,
)

OUTER = "sin"
INNER = "x^2"
POINT = 1

LEFT_END, LENGTH = -5.4, 7.4
STEP = 0.4
ROWS = (2.1, 0.35, -1.4)


def outer_table(name):
    """The function, its derivative, and both in words of u."""
    return {
        "sin": (np.sin, np.cos, "sin u", "cos u"),
        "cos": (np.cos, lambda u: -np.sin(u), "cos u", "−sin u"),
        "exp": (np.exp, np.exp, "eᵘ", "eᵘ"),
        "ln": (np.log, lambda u: 1 / u, "ln u", "1 / u"),
        "sqrt": (np.sqrt, lambda u: 0.5 / np.sqrt(u), "√u", "1 / (2√u)"),
        "square": (lambda u: u**2, lambda u: 2 * u, "u²", "2u"),
        "cube": (lambda u: u**3, lambda u: 3 * u**2, "u³", "3u²"),
    }[name]


def inner_table(name):
    """The function, its derivative, and both in words of x."""
    return {
        "x^2 + 1": (lambda x: x**2 + 1, lambda x: 2 * x, "x² + 1", "2x"),
        "x^2": (lambda x: x**2, lambda x: 2 * x, "x²", "2x"),
        "x^3": (lambda x: x**3, lambda x: 3 * x**2, "x³", "3x²"),
        "2x + 1": (lambda x: 2 * x + 1, lambda x: 2 + 0 * x, "2x + 1", "2"),
        "3x": (lambda x: 3 * x, lambda x: 3 + 0 * x, "3x", "3"),
    }[name]


class ChainRule(CaptionedScene):
    def construct(self):
        self.f, self.df, self.f_text, self.df_text = outer_table(OUTER)
        self.g, self.dg, self.g_text, self.dg_text = inner_table(INNER)
        self.begin(f"The chain rule:  y = {self.f_text}  with  u = {self.g_text}")
        self.values = self.follow(POINT)
        if OUTER in {"ln", "sqrt"} and min(self.values[1], self.g(POINT + STEP)) < 1e-6:
            statement = f"u = {self.g_text} = {number(self.values[1])} at x = {number(POINT)}"
            self.explain(statement, f"Near there {self.f_text} has no slope: u must be positive")
            return
        self.show_lines()
        self.show_point()
        self.nudge()
        self.shrink()
        self.conclude()

    def follow(self, x):
        u = float(self.g(x))
        with np.errstate(all="ignore"):
            return float(x), u, float(self.f(u))

    def show_lines(self):
        """One number line each for x, u and y, wide enough for the step that follows."""
        ends = list(zip(self.values, self.follow(POINT + STEP), strict=True))
        self.spans = []
        for a, b in ends:
            width = max(2.5 * abs(b - a), 1.0)
            self.spans.append(((a + b) / 2 - width, (a + b) / 2 + width))
        rows = VGroup()
        for y, (low, high), name in zip(ROWS, self.spans, "xuy", strict=True):
            line = Line([LEFT_END, y, 0], [LEFT_END + LENGTH, y, 0], color=GREY_B, stroke_width=3)
            row = VGroup(line, label(name, 32).next_to(line, LEFT, buff=0.3))
            for value in ticks(low, high, 5):
                at = np.array([LEFT_END + LENGTH * (value - low) / (high - low), y, 0])
                row.add(Line(at + 0.08 * UP, at + 0.08 * DOWN, color=GREY_B, stroke_width=2))
                row.add(label(number(value, 4), 22, GREY_B).next_to(at, DOWN, buff=0.16))
            rows.add(row)
        self.play(FadeIn(rows, lag_ratio=0.2), run_time=1)
        self.say(f"First u = {self.g_text}, then y = {self.f_text}", 0.5)

    def at(self, row, value):
        low, high = self.spans[row]
        return np.array([LEFT_END + LENGTH * (value - low) / (high - low), ROWS[row], 0])

    def show_point(self):
        names = [
            f"{name} {approx(value, 3)}" for name, value in zip("xuy", self.values, strict=True)
        ]
        dots = [Dot(self.at(i, v), radius=0.09, color=YELLOW) for i, v in enumerate(self.values)]
        self.play(FadeIn(dots[0], scale=2), run_time=0.4)
        for i in (1, 2):
            self.play(TransformFromCopy(dots[i - 1], dots[i]), run_time=0.7)
        self.point = self.write(",  ".join(names), (2.7, 2.4), YELLOW, 4.2)

    def nudge(self):
        """Follow a step at x through both functions."""
        after = self.follow(POINT + STEP)
        self.steps, self.sizes = [], VGroup()
        for i, (name, color) in enumerate(zip("xuy", (GREEN, BLUE, RED), strict=True)):
            start, end = self.at(i, self.values[i]), self.at(i, after[i])
            self.steps.append(Line(start, end, color=color, stroke_width=12))
            size = label(f"Δ{name} {approx(after[i] - self.values[i], 3)}", 26, color)
            self.sizes.add(size.next_to(self.steps[i], UP, buff=0.2))
        self.say("A step at x becomes a step at u, and that a step at y", 0)
        self.play(Create(self.steps[0]), FadeIn(self.sizes[0]), run_time=0.6)
        for i in (1, 2):
            move = TransformFromCopy(self.steps[i - 1], self.steps[i])
            self.play(move, FadeIn(self.sizes[i]), run_time=0.9)
        self.wait(0.4)

    def shrink(self):
        """Stretch factors of ever smaller steps."""
        self.say("How many times longer does each function make the step?", 0)
        head = ("Δx", "Δu/Δx", "Δy/Δu", "Δy/Δx")
        table = VGroup(*(label(words, 25, GREY_B) for words in head))
        for step in (0.4, 0.1, 0.01):
            before, after = np.array(self.values), np.array(self.follow(POINT + step))
            dx, du, dy = after - before
            outer = dy / du if abs(du) > 1e-12 else float(self.df(before[1]))
            entries = [number(step, 2), number(du / dx, 3), number(outer, 3), number(dy / dx, 3)]
            colors = (GREEN, BLUE, RED, YELLOW)
            table.add(*(label(e, 25, c) for e, c in zip(entries, colors, strict=True)))
        table.arrange_in_grid(4, 4, buff=(0.3, 0.25))
        if table.width > 4.4:
            table.scale_to_fit_width(4.4)
        table.move_to([4.75, 0.75, 0])
        self.play(FadeIn(table, lag_ratio=0.1), run_time=1.4)
        shrunk = [s.animate.scale(0.05, about_point=s.get_start()) for s in self.steps]
        self.play(*shrunk, FadeOut(self.sizes), run_time=1.2)
        self.say("For ever smaller steps the factors become the derivatives", 0.6)

    def conclude(self):
        inner, outer = float(self.dg(POINT)), float(self.df(self.values[1]))
        self.write(f"du/dx = {self.dg_text} {approx(inner, 4)}", (2.7, -0.7), BLUE, 4.2)
        self.write(f"dy/du = {self.df_text} {approx(outer, 4)}", (2.7, -1.25), RED, 4.2)
        digits, whole = product((outer, inner))
        factors = f"{number(outer, digits)} · {bracket(number(inner, digits))}"
        self.write(f"dy/dx = dy/du · du/dx {approx(outer * inner)}", (2.7, -1.8), YELLOW, 4.2)
        self.say(f"The factors are multiplied: {factors} {whole}", 2.4)


def bracket(words):
    return f"({words})" if words.startswith("−") else words
