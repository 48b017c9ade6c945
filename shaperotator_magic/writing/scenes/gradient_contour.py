"""The gradient and the contour lines of a function of two variables.

Along a contour line the height stays the same. The gradient, the vector of the two partial
derivatives, stands at a right angle to the contour line and points where the ground rises most
steeply; it is long where the lines are close. Source: Marsden and Tromba, Vector Calculus,
section 2.6.

Parameters
----------
SURFACE : one of: bowl, saddle
    The function: x²/2 + y² or (x² − y²)/2.
POINT : vector of 2 numbers, entries in [-1.8, 1.8]
    Where the gradient is drawn first.

Example prompts
---------------
- What does the gradient mean on a contour map?
- Why is the gradient perpendicular to level curves?
- gradient and contour lines of a saddle at (1, 1)
- partial derivatives as an arrow on a topographic map

Keywords
--------
gradient, contour, contour lines, contour map, contour plot, level curve, level curves, level set,
level sets, partial derivatives, steepest ascent, uphill, topographic map, function of two
variables, saddle, nabla, directional derivative, multivariable, height lines, gradient vector,
points uphill, isolines, steepest direction

Subjects
--------
gradient, gradient vector, gradient and contour lines, contour lines, contour map, contour plot,
level curves, level curve, level sets of a function, gradient perpendicular to level curves, partial
derivatives, partial derivative, steepest ascent, directional derivative, topographic map, function
of two variables, functions of two variables, direction of steepest ascent, nabla, points uphill,
height lines, isolines

Not
---
gradient descent: a walk
gradient in CSS, colour gradient, gradient background: colours
gradient boosting: trees
policy gradient: learning
gradient clipping, stochastic gradient: training
vanishing gradient: networks
gradient of a line, gradient of a curve: a slope
gradient of a road: traffic
conjugate gradient: a solver
divergence, curl: of a field
Laplacian, Hessian: second derivatives
Jacobian: of maps
Lagrange: constraints
saddle point of a game: games
pressure gradient: weather
temperature gradient: heat
gradient theorem: line integrals
contour integral: complex
partial differential equation: an equation
density gradient: biology
riding saddle: horses
"""

import numpy as np
from manim import (
    BLUE_B,
    BLUE_D,
    DOWN,
    GREEN,
    GREY_D,
    LEFT,
    ORANGE,
    RED,
    TAU,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    LaggedStart,
    Square,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    axis_numbers,
    column,
    label,
    number,
)

SURFACE = "bowl"
POINT = [1.2, 0.7]

CENTER = np.array([-2.6, 0.05, 0.0])
UNIT, REACH = 1.0, 2.75
COLORS = [BLUE_D, BLUE_B, GREEN, YELLOW, ORANGE, RED]
LEVELS = {"bowl": [0.25, 1, 2, 3.5, 5.5, 8], "saddle": [-2.5, -1.2, -0.4, 0.4, 1.2, 2.5]}
FORMULAS = {"bowl": ("½ x² + y²", "(x, 2y)"), "saddle": ("½ x² − ½ y²", "(x, −y)")}


def height(p):
    return p[0] ** 2 / 2 + (p[1] ** 2 if SURFACE == "bowl" else -(p[1] ** 2) / 2)


def gradient(p):
    return np.array([p[0], 2 * p[1] if SURFACE == "bowl" else -p[1]])


def walk(start, direction, steps=60, step=0.03):
    """Points along a field of unit vectors, by the midpoint rule, inside the drawing."""
    points = [np.array(start, dtype=float)]
    for _ in range(steps):
        here = points[-1]
        middle = here + step / 2 * direction(here)
        ahead = here + step * direction(middle)
        if max(abs(ahead)) > 2.05:
            break
        points.append(ahead)
    return points


def uphill(p):
    return gradient(p) / max(1e-9, np.linalg.norm(gradient(p)))


def level(p):
    return np.array([-uphill(p)[1], uphill(p)[0]])


class GradientContour(CaptionedScene):
    def construct(self):
        self.begin("The gradient on a contour map")
        self.show_map()
        self.start = np.array(POINT, dtype=float)
        self.dot = Dot(self.at(self.start), radius=0.11, color=WHITE).set_z_index(4)
        self.play(FadeIn(self.dot, scale=2), run_time=0.5)
        if np.linalg.norm(gradient(self.start)) < 0.05:
            self.explain_flat()
            return
        self.show_gradient()
        self.walk_level()
        self.walk_up()

    def at(self, p):
        return CENTER + UNIT * np.array([p[0], p[1], 0])

    def build_contours(self):
        frame = Square(2 * REACH * UNIT, color=GREY_D, stroke_width=2).move_to(CENTER)
        grid = np.linspace(-REACH, REACH, 241)
        levels = LEVELS[SURFACE]
        lines = VGroup()
        for value, color in zip(levels, COLORS, strict=True):
            for branch in self.branches(value, grid):
                lines.add(VMobject(color=color, stroke_width=3).set_points_as_corners(branch))
        return frame, lines

    def branches(self, value, grid):
        """The pieces of a contour line inside the frame, as points of the screen."""
        if SURFACE == "bowl":
            turn = np.linspace(0, TAU, 241)
            points = np.stack([np.sqrt(2 * value) * np.cos(turn), np.sqrt(value) * np.sin(turn)], 1)
            curves = [points]
        else:
            arm = np.sqrt(grid**2 + 2 * abs(value))
            pairs = [(arm, grid), (-arm, grid)] if value > 0 else [(grid, arm), (grid, -arm)]
            curves = [np.stack(pair, 1) for pair in pairs]
        for curve in curves:
            inside = (abs(curve) <= REACH).all(axis=1)
            for run in np.split(np.arange(241), np.flatnonzero(np.diff(inside.astype(int))) + 1):
                if inside[run[0]] and len(run) > 2:
                    yield [self.at(p) for p in curve[run]]

    def show_map(self):
        frame, lines = self.build_contours()
        formula, vector = FORMULAS[SURFACE]
        rows = [label(f"f(x, y) = {formula}", 30), label(f"gradient: {vector}", 30, RED)]
        self.rows = column(rows, (4.0, 1.9))
        box = (CENTER - UNIT * REACH, CENTER + UNIT * REACH)
        numbers = axis_numbers(CENTER, UNIT, box, box[0])
        self.play(Create(frame), FadeIn(self.rows[0], numbers), run_time=0.7)
        self.play(LaggedStart(*(Create(line) for line in lines), lag_ratio=0.15), run_time=1.6)
        self.say("A map: along each line the height stays the same, red is high", 0.8)

    def build_arrow(self, p):
        slope = gradient(p)
        size = np.linalg.norm(slope)
        shown = min(0.4 * size, 0.9) * slope / max(size, 1e-9)
        return arrow(self.at(p), self.at(p + shown), RED, 7).set_z_index(3)

    def explain_flat(self):
        self.play(FadeIn(self.rows[1]), run_time=0.6)
        kind = "the lowest place" if SURFACE == "bowl" else "the middle of the saddle"
        self.say(f"Here, {kind}, both partial derivatives are zero", 2)
        self.say("The gradient is zero: there is no steepest way", 2.5)

    def show_gradient(self):
        slope = gradient(self.start)
        place = f"({number(self.start[0])}, {number(self.start[1])})"
        row = label(f"at {place}: ({number(slope[0])}, {number(slope[1])})", 28, RED, width=4.3)
        row.next_to(self.rows, DOWN, buff=0.35).align_to(self.rows, LEFT)
        self.arrow = self.build_arrow(self.start)
        self.play(FadeIn(self.rows[1], row), run_time=0.7)
        self.play(FadeIn(self.arrow), run_time=0.7)
        self.say("The gradient points where the ground rises most steeply", 0.8)

    def move_along(self, path, run_time):
        """Carry the point along a path, its gradient with it."""
        share = ValueTracker(0)

        def here():
            return path[round(share.get_value() * (len(path) - 1))]

        self.dot.add_updater(lambda d: d.move_to(self.at(here())))
        self.arrow.add_updater(lambda a: a.become(self.build_arrow(here())))
        self.add(self.arrow, self.dot)
        trace = VMobject(color=WHITE, stroke_width=5)
        trace.set_points_as_corners([self.at(p) for p in path])
        move = share.animate(rate_func=linear).set_value(1)
        self.play(move, Create(trace, rate_func=linear), run_time=run_time)
        self.dot.clear_updaters()
        self.arrow.clear_updaters()

    def walk_level(self):
        self.say("Walk along a contour line: the gradient always stands across it", 0)
        ways = [walk(self.start, level, 30), walk(self.start, lambda p: -level(p), 30)]
        # The way that leaves room for the next one: not to the edge, nor to where it is flat.
        path = min(ways, key=lambda points: abs(np.linalg.norm(points[-1]) - 1.2))
        self.move_along(path, 2.6)
        self.end = path[-1]

    def walk_up(self):
        path = walk(self.end, uphill)
        if len(path) > 10:
            self.say("Follow the gradient: that is the steepest way up", 0)
        else:
            self.say("Against the gradient: that is the steepest way down", 0)
            path = walk(self.end, lambda p: -uphill(p), 25)
        self.move_along(path, 2.2)
        self.say("Lines close together: steep ground, and a long gradient", 2)
