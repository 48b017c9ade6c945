"""Gradient descent on the level sets of a bowl: the learning rate decides everything.

The bowl is f(x, y) = (a·x² + b·y²)/2. A step of size η times the gradient multiplies x by 1 − η·a
and y by 1 − η·b. So a coordinate shrinks straight to zero if the factor lies in (0, 1), jumps from
side to side if it is negative, and runs away if it is below −1: that is, when η > 2 divided by the
larger curvature. Source: Boyd and Vandenberghe, section 9.3.

Parameters
----------
LEARNING_RATE : number in [0.01, 3]
    The step size η.
START : vector of 2 numbers, entries in [-4, 4]
    Where the descent begins. Not the origin, which is the minimum.
CURVATURES : vector of 2 numbers, entries in [0.25, 4]
    How steeply the bowl rises along x and along y.

Example prompts
---------------
- Show gradient descent on a quadratic bowl with learning rate 0.3
- What happens to gradient descent when the learning rate is too large?
- gradient descent zigzag in a narrow valley
- Visualise gradient descent on contour lines, starting at (3, -2)
- Why does training diverge if the step size is too big, and converge slowly if it is small?

Keywords
--------
gradient descent, learning rate, lr, step size, optimisation, optimization, level sets, contours,
minimum, convergence, divergence, overshoot, zigzag, steepest descent, loss surface, training,
quadratic, bowl, ill-conditioned, optimizer, optimiser, downhill, contour map, diverge, blow up,
bounce, slow, walk, iterate, SGD, minimise, loss landscape, valley, convergence of training

Subjects
--------
gradient descent, steepest descent, learning rate, step size, walking downhill, stochastic gradient
descent, SGD, descent on a loss surface, minimising a function, minimise a function, loss landscape,
optimise a loss, walk downhill, downhill, zigzag in a valley, training diverges

Not
---
learning rate schedule: a plan
Adam, momentum, conjugate gradient, mirror descent, natural gradient, RMSprop, proximal,
    saddle-free: another method
Newton's method: second derivatives
policy gradient: learning
boosting: trees
coordinate descent: one axis at a time
learning curve: psychology
simulated annealing: randomness
line search: finds the step
batch size: of training
hyperparameter search: tries many
backpropagation: computes the gradient
paragliding: sport
descent from the apes: biology
gradient-free: has no gradient
genetic algorithm: evolution
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    RED,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Create,
    Dot,
    Ellipse,
    FadeIn,
    FadeOut,
    Line,
    Scene,
    Text,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import replace_words

LEARNING_RATE = 0.25
START = [-3.5, 2.0]
CURVATURES = [0.5, 2.0]

CENTER = np.array([-3.1, -0.15, 0.0])
HALF_WIDTH, HALF_HEIGHT = 3.6, 2.6
TEXT_LEFT = 1.0


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def show_number(value):
    return f"{round(value, 3):g}".replace("-", "−")


def gradient(point):
    return np.array(CURVATURES) * point


def descend(rate, steps):
    """The points that gradient descent visits, START included."""
    points = [np.array(START, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - rate * gradient(points[-1]))
    return points


class GradientDescent(Scene):
    def construct(self):
        if not any(START):
            raise ValueError("START is the minimum already: there is nothing to descend")
        self.caption = VGroup()
        self.play(FadeIn(label("Gradient descent", 40).to_edge(UP, buff=0.3)), run_time=0.6)
        self.show_bowl()
        self.show_step()
        self.run(LEARNING_RATE, YELLOW)
        self.say(self.describe(LEARNING_RATE))
        self.wait(1)
        self.show_factors()
        self.run_contrast()
        self.say(
            f"It converges for every start exactly when η < 2 / {show_number(max(CURVATURES))}"
            f" = {show_number(2 / max(CURVATURES))}"
        )
        self.wait(2)

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.3)
        self.play(*replace_words(self.caption, new), run_time=0.5)
        self.caption = new

    def write_line(self, words, y, color=WHITE):
        line = label(words, 27, color).move_to([TEXT_LEFT, y, 0], aligned_edge=LEFT)
        self.play(FadeIn(line, shift=0.2 * UP), run_time=0.5)
        return line

    def on_screen(self, point):
        return CENTER + self.unit * np.array([point[0], point[1], 0.0])

    def show_bowl(self):
        """Draw level sets so that the outermost goes through START and fits in."""
        curvatures = np.array(CURVATURES)
        height = (curvatures * np.array(START) ** 2).sum()
        radii = np.sqrt(height / curvatures)
        self.unit = min(HALF_WIDTH / radii[0], HALF_HEIGHT / radii[1])
        rings = VGroup()
        for share in (0.15, 0.32, 0.5, 0.67, 0.84, 1):
            ring = Ellipse(*(2 * share * self.unit * radii), color=BLUE, stroke_width=2)
            rings.add(ring.move_to(CENTER).set_stroke(opacity=0.85))
        minimum = Dot(CENTER, radius=0.07, color=GREEN)
        self.play(Create(rings, lag_ratio=0.15), FadeIn(minimum), run_time=1.4)
        a, b = (show_number(c) for c in CURVATURES)
        self.write_line(f"f(x, y) = ½ ({a} x² + {b} y²)", 2.4, BLUE)
        self.say("Level sets of a bowl: f is equal along each ring, lowest in the middle")

    def show_step(self):
        start = np.array(START, dtype=float)
        self.dot = Dot(self.on_screen(start), radius=0.1, color=YELLOW)
        downhill = -gradient(start) / np.linalg.norm(gradient(start))
        arrow = Arrow(
            self.on_screen(start),
            self.on_screen(start) + 1.1 * downhill_3d(downhill),
            buff=0,
            color=GREEN,
        )
        self.play(FadeIn(self.dot, scale=2), run_time=0.4)
        self.say("Steepest way down: −∇f, at right angles to the level set")
        self.play(Create(arrow), run_time=0.7)
        self.write_line("one step:  p ← p − η ∇f(p)", 1.75)
        self.write_line(f"η = {show_number(LEARNING_RATE)}", 1.1, YELLOW)
        self.play(FadeOut(arrow), run_time=0.4)

    def run(self, rate, color):
        """Play the steps, slower at first, until they are too small or leave the picture."""
        points = descend(rate, 24)
        trail = VGroup(Dot(self.on_screen(START), radius=0.08, color=color))
        mover = Dot(self.on_screen(START), radius=0.1, color=color)
        self.add(mover)
        corners = [self.on_screen(point) for point in points]
        for number in range(len(corners) - 1):
            begin, end = corners[number], corners[number + 1]
            if np.linalg.norm(end - begin) < 0.02:
                break
            clipped, has_left = clip(begin, end)
            step = Line(begin, clipped, color=color, stroke_width=3)
            dots = [] if has_left else [Dot(clipped, radius=0.06, color=color)]
            time = 0.6 if number < 3 else 0.25
            self.play(Create(step), mover.animate.move_to(clipped), run_time=time)
            self.add(*dots)
            trail.add(step, *dots)
            if has_left:
                break
        self.remove(mover)
        self.trail = trail.add(mover)
        self.add(self.trail)

    def describe(self, rate):
        factors = 1 - rate * np.array(CURVATURES)
        moving = [f for f, s in zip(factors, START, strict=True) if s != 0]
        if max(map(abs, moving)) > 1 + 1e-9:
            return "Too large a step: each overshoot is worse than the last, it diverges"
        if max(map(abs, moving)) > 1 - 1e-9:
            return "Exactly at the limit: it jumps from side to side for ever"
        if min(moving) < 0:
            return "It overshoots the valley, side to side, but closes in"
        if max(moving) > 0.97:
            return "Safe, but so small a step that it creeps"
        return "Every step goes down: it settles at the minimum"

    def show_factors(self):
        lines = []
        for axis, curvature in zip("xy", CURVATURES, strict=True):
            factor = show_number(1 - LEARNING_RATE * curvature)
            lines.append(f"{axis} ← (1 − η · {show_number(curvature)}) {axis}  =  {factor} {axis}")
        self.say("Each step multiplies x and y by fixed factors")
        self.write_line(lines[0], 0.1, YELLOW)
        self.write_line(lines[1], -0.5, YELLOW)
        self.wait(0.6)

    def run_contrast(self):
        """Another learning rate: too large if the first converged, safe if it did not."""
        limit = 2 / max(c for c, s in zip(CURVATURES, START, strict=True) if s != 0)
        is_safe = limit > LEARNING_RATE
        rate = 1.06 * limit if is_safe else 0.5 * limit
        self.play(self.trail.animate.set_opacity(0.35), FadeOut(self.dot), run_time=0.5)
        self.say(f"The same start with a {'larger' if is_safe else 'smaller'} learning rate")
        self.write_line(f"η = {show_number(rate)}", -1.5, RED)
        self.run(rate, RED)
        self.say(self.describe(rate))
        self.wait(1)


def downhill_3d(direction):
    return np.array([direction[0], direction[1], 0.0])


def clip(begin, end):
    """Cut a step at the border of the picture; say whether it was cut."""
    room = np.array([HALF_WIDTH, HALF_HEIGHT + 0.1])
    offset, step = (begin - CENTER)[:2], (end - begin)[:2]
    shares = [(np.sign(s) * r - o) / s for s, r, o in zip(step, room, offset, strict=True) if s]
    share = min([1.0, *shares])
    return begin + share * (end - begin), share < 1
