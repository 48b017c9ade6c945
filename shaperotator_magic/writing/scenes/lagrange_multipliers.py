"""Lagrange multipliers: on the constraint, the gradients must be parallel.

f(x, y) is to be greatest (or least) among the points of the curve g(x, y) = c. While ∇f has a part
along the curve, walking that way changes f. At an extremum it has none: ∇f = λ ∇g, and the level
curve of f touches the constraint. Source: Marsden and Tromba, Vector Calculus, section 3.4.

Parameters
----------
OBJECTIVE : one of: x y, x + 2y, x^2 + 2y^2
    The function f.
CONSTRAINT : one of: circle, line, ellipse
    The curve g = c: x² + y² = c, x + y = c or x² + 4y² = c.
LEVEL : number in [1, 10]
    The constant c.

Example prompts
---------------
- How do Lagrange multipliers work?
- maximise x y on the line x + y = 10 with a Lagrange multiplier
- Constrained optimisation of x + 2y on a circle
- Why are the gradients parallel at a constrained maximum?

Keywords
--------
Lagrange multiplier, Lagrange multipliers, constrained optimisation, constrained optimization,
constraint, subject to, maximise subject to, lambda, gradients parallel, tangent level curves,
optimise on a curve, extremum with a side condition, equality constraint

Subjects
--------
maximise subject to, minimise subject to, subject to a constraint,
Lagrange multipliers, Lagrange multiplier, constrained optimization, extremum under a constraint,
maximum on a curve, optimization with an equality constraint

Not
---
Lagrange interpolation, Lagrangian mechanics, Euler-Lagrange, Lagrange point, Lagrange theorem,
    Lagrange remainder: Lagrange of another name
KKT, inequality constraints, linear programming, simplex: inequalities
Lagrange interpolation: no polynomial goes through points
Lagrangian mechanics: nothing moves by forces
linear programming: one equality and no inequalities
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    UpdateFromAlphaFunc,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    chart_in,
    graph,
    number,
)

OBJECTIVE = "x y"
CONSTRAINT = "circle"
LEVEL = 4

CENTER = (-3.3, 0.15)
SIDE = 4.7


def objective(name):
    """The function, its gradient, and both in words."""
    return {
        "x y": (lambda x, y: x * y, lambda x, y: (y, x), "x y", "(y, x)"),
        "x + 2y": (lambda x, y: x + 2 * y, lambda x, y: (1.0, 2.0), "x + 2y", "(1, 2)"),
        "x^2 + 2y^2": (
            lambda x, y: x**2 + 2 * y**2,
            lambda x, y: (2 * x, 4 * y),
            "x² + 2y²",
            "(2x, 4y)",
        ),
    }[name]


def constraint(name):
    """The curve by a parameter from 0 to 1, the gradient of g, and words."""
    root = np.sqrt(LEVEL)
    turn_of = 2 * np.pi
    return {
        "circle": (
            lambda t: (root * np.cos(turn_of * t), root * np.sin(turn_of * t)),
            lambda x, y: (2 * x, 2 * y),
            "x² + y²",
            "(2x, 2y)",
        ),
        "line": (
            lambda t: (LEVEL * (1.6 * t - 0.3), LEVEL * (1.3 - 1.6 * t)),
            lambda x, y: (1.0, 1.0),
            "x + y",
            "(1, 1)",
        ),
        "ellipse": (
            lambda t: (root * np.cos(turn_of * t), root / 2 * np.sin(turn_of * t)),
            lambda x, y: (2 * x, 8 * y),
            "x² + 4y²",
            "(2x, 8y)",
        ),
    }[name]


class LagrangeMultipliers(CaptionedScene):
    def construct(self):
        self.f, self.df, self.f_text, self.df_text = objective(OBJECTIVE)
        self.path, self.dg, self.g_text, self.dg_text = constraint(CONSTRAINT)
        self.find_extremum()
        goal = "greatest" if self.is_maximum else "least"
        self.begin(f"Where on {self.g_text} = {number(LEVEL)} is {self.f_text} {goal}?")
        self.show_constraint()
        self.walk()
        self.show_extremum()
        self.solve()

    def find_extremum(self):
        """The best place on the curve; at the ends of a line there is none."""
        self.ts = np.linspace(0, 1, 4001)
        values = self.f(*self.path(self.ts))
        self.is_maximum = not (CONSTRAINT == "line" and OBJECTIVE == "x^2 + 2y^2")
        heights = values if self.is_maximum else -values
        best = int(np.flatnonzero(heights > heights.max() - 1e-9)[0])
        self.exists = 0 < best < 4000 or CONSTRAINT != "line"
        self.best = float(self.ts[best])
        self.value = float(values[best])

    def show_constraint(self):
        reach = max(1.0, 1.35 * np.sqrt(LEVEL))
        low, high = (-0.35 * LEVEL, 1.35 * LEVEL) if CONSTRAINT == "line" else (-reach, reach)
        self.ends = (low, high)
        self.axes = chart_in((low, high), (low, high), (SIDE, SIDE), CENTER, ("x", "y"))
        self.play(FadeIn(self.axes), run_time=0.7)
        curve = graph(self.axes, *self.path(self.ts[::20]), YELLOW, 5)
        self.play(Create(curve), run_time=1)
        self.write(f"constraint: {self.g_text} = {number(LEVEL)}", (0.7, 2.3), YELLOW, 6)
        self.levels = self.level_curves(np.linspace(*self.spread(), 9))
        self.play(FadeIn(self.levels), run_time=0.7)
        self.write(f"f = {self.f_text}: equal along each blue curve", (0.7, 1.7), BLUE, 6)
        self.say("You may only walk on the yellow curve", 0.6)

    def spread(self):
        values = self.f(*self.path(self.ts))
        return float(values.min()), float(values.max())

    def level_curves(self, heights, color=BLUE, width=2):
        """The level curves of f inside the axes, from where f changes its side on a grid."""
        side = np.linspace(*self.ends, 161)
        group = VGroup()
        for height in heights:
            for branch in self.branches(height, side):
                group.add(graph(self.axes, *branch, color, width))
        return group

    def branches(self, height, side):
        """Pieces of the level curve as runs of points inside the axes."""
        with np.errstate(all="ignore"):
            if OBJECTIVE == "x y":
                sheets = [height / np.where(abs(side) > 1e-9, side, np.nan)]
            elif OBJECTIVE == "x + 2y":
                sheets = [(height - side) / 2]
            else:
                half = np.sqrt(max(height, 0.0)) * np.cos(np.linspace(0, np.pi, 161))
                rise = np.sqrt(np.maximum((height - half**2) / 2, 0))
                return [
                    run for sign in (1, -1) for run in self.runs(half, sign * rise) if height > 0
                ]
        return [run for ys in sheets for run in self.runs(side, ys)]

    def runs(self, xs, ys):
        low, high = self.ends
        inside = (xs >= low) & (xs <= high) & (ys >= low) & (ys <= high)
        found = []
        for run in np.split(np.arange(len(xs)), np.flatnonzero(np.diff(inside.astype(int))) + 1):
            if inside[run[0]] and len(run) > 1:
                found.append((xs[run], ys[run]))
        return found

    def gradients(self, t):
        """The dot on the curve with both gradients, each in a fixed length."""
        point = np.array(self.path(t))
        at = self.axes.c2p(*point)
        drawn = VGroup(Dot(at, radius=0.1, color=WHITE).set_z_index(4))
        arrows = ((self.df(*point), BLUE, 1.2), (self.dg(*point), YELLOW, 0.7))
        for gradient, color, shown in arrows:
            vector = np.array([*gradient, 0.0])
            length = np.linalg.norm(vector)
            drawn.add(arrow(at, at + shown * vector / max(length, 1e-9), color, 5))
        return drawn

    def walk(self):
        start = 0.5 * self.best if self.best > 0.2 else self.best + 0.4
        self.walker = self.gradients(start)
        self.play(FadeIn(self.walker), run_time=0.6)
        self.write("blue arrow ∇f, yellow arrow ∇g", (0.7, 1.1), WHITE, 6)
        self.say("∇f leans along the curve: walking that way changes f", 0.5)
        if not self.exists:
            return
        path = UpdateFromAlphaFunc(
            self.walker,
            lambda m, a: m.become(self.gradients(start + a * (self.best - start))),
        )
        self.play(path, run_time=3)

    def show_extremum(self):
        if not self.exists:
            self.say("Along this line f grows without end: ∇f and ∇g are never parallel", 2.4)
            return
        touching = self.level_curves([self.value], GREEN, 5)
        self.say("Here the gradients are parallel, and a level curve touches", 0)
        self.play(Create(touching), run_time=0.9)
        self.wait(0.6)

    def solve(self):
        self.write(f"∇f = {self.df_text},   ∇g = {self.dg_text}", (0.7, 0.3), WHITE, 6)
        if not self.exists:
            self.write("∇f = λ ∇g has no solution", (0.7, -0.3), YELLOW, 6)
            self.say("So there is no extremum on this line", 2.4)
            return
        point = np.array(self.path(self.best))
        up, across = np.array(self.df(*point)), np.array(self.dg(*point))
        factor = float(up @ across / (across @ across))
        self.write(f"∇f = λ ∇g  with  λ ≈ {number(factor)}", (0.7, -0.3), WHITE, 6)
        x, y = (number(value) for value in point)
        self.write(f"at (x, y) ≈ ({x}, {y})", (0.7, -0.9), GREEN, 6)
        self.write(f"f ≈ {number(self.value)}", (0.7, -1.5), GREEN, 6)
        self.say("The multiplier λ says how much f gains when c grows a little", 2.4)
