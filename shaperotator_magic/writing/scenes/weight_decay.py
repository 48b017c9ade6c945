"""Weight decay: how lambda shrinks the weights, and why L1 gives sparse solutions, L2 not.

The loss is a bowl with its bottom at OPTIMUM and curvature a along each weight. With the penalty
(lambda/2)·|w|^2 the best weight is a·w*/(a + lambda): smaller, never zero. With lambda·|w|_1 it
is w* moved towards zero by lambda/a, and it stays at zero once it gets there. Seen another way, the
best point is where a level set of the loss first touches a ball of the norm: the disc is round,
the diamond has its corners on the axes. Source: Hastie, Tibshirani and Friedman, section 3.4;
Goodfellow, Bengio and Courville, section 7.1.

Parameters
----------
LAMBDA : number in [0.1, 5]
    The strength of the penalty.
OPTIMUM : vector of 2 numbers, entries in [-3, 3]
    The weights that fit the data best, without any penalty. Not both zero.

Example prompts
---------------
- How the parameter for weight decay (lambda) shrinks the weights towards zero, the relationship
  with L2 regularization, and why L1 gives sparse solutions while L2 does not
- Why does lasso set some coefficients exactly to zero but ridge never does?
- weight decay with lambda = 0.5
- Explain L1 and L2 regularisation with the diamond and the circle
- What does lambda do in ridge regression, and how is that the same as weight decay in SGD?
- sparse weights from an L1 penalty, best unregularised weights (2.5, 0.8)

Keywords
--------
weight decay, lambda, λ, regularisation, regularization, L1, L2, lasso, ridge, penalty, sparse,
sparsity, shrinkage, norm, diamond, disc, circle, level sets, contours, overfitting, soft threshold,
size of the weights, small weights, penalise large weights, regularised, coefficients, shrink,
regularisation strength, penalised regression, coefficients to zero

Subjects
--------
weight decay, L1 and L2, L1 regularisation, L2 regularisation, L1 penalty, L2 penalty, L1 versus L2,
L1 L2, regularisation, regularization, lasso, ridge, ridge regression, lasso and ridge, lasso versus
ridge, sparse weights, sparse solutions, shrink the weights, shrinks the weights, shrinkage of
weights, penalty on the weights, penalise large weights, regularisation strength, diamond and
circle, coefficients to zero, shrinks coefficients

Not
---
lose weight, body weight, bone density, tooth decay: health
radioactive decay, exponential decay, beta decay: physics
dropout, early stopping, data augmentation: another way
linear regression: no penalty
logistic regression: a classifier
elastic net: both at once
L1 cache: hardware
Lasso tool: pictures
learning rate decay: a plan
batch normalisation, weight initialisation: training
weighted graph: paths
cowboy: rope
mountain ridge, mid-ocean ridge: geography
L2 learner: languages
Tikhonov in inverse problems: inverse problems
Ted Lasso: television
spectral norm: matrices
compressed sensing: signals
Lagrange point: astronomy
weight sharing: networks
group lasso: groups
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Circle,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Flash,
    GrowFromCenter,
    Scene,
    Square,
    Text,
    ValueTracker,
    VGroup,
    VMobject,
)

from shaperotator_magic.writing.scenes._stage import replace_words

LAMBDA = 1.0
OPTIMUM = [2.2, 1.1]

WIDTH, HEIGHT = 3.1, 2.25  # half the size of a plane of weights, on screen
L2_COLOR, L1_COLOR, LOSS_COLOR = BLUE, GREEN, YELLOW


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def curvature():
    """How firmly the data hold each weight: the larger one is held more firmly."""
    first, second = np.abs(OPTIMUM)
    return np.array([1.6, 0.6] if first >= second else [0.6, 1.6])


def ridge(strength):
    """The minimum of loss + (λ/2)·‖w‖₂²: every weight is multiplied by a/(a + λ)."""
    return curvature() * np.array(OPTIMUM) / (curvature() + strength)


def lasso(strength):
    """The minimum of loss + λ·‖w‖₁: every weight loses λ/a, and stops at zero."""
    best = np.array(OPTIMUM, dtype=float)
    return np.sign(best) * np.maximum(np.abs(best) - strength / curvature(), 0)


def strength_that_leaves_one_weight():
    """LAMBDA itself, if L1 then keeps exactly one weight; otherwise a strength that does."""
    first, last = sorted(curvature() * np.abs(OPTIMUM))  # where each weight becomes zero
    if first <= LAMBDA < last:
        return LAMBDA
    return round(first + 0.3 * (last - first), 2)


def show_number(value):
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−") if text != "-0" else "0"


def show_weights(weights):
    return f"w = ({show_number(weights[0])}, {show_number(weights[1])})"


class Plane:
    """The plane of the weights: axes, level sets of the loss, and points."""

    def __init__(self, center):
        self.center = np.array(center, dtype=float)
        first, second = np.abs(OPTIMUM)
        self.unit = 2.1 / max(1.6, second + 0.6, 0.8 * (first + 0.9))
        style = {"color": GREY_B, "stroke_width": 2, "buff": 0, "tip_length": 0.18}
        ends = (WIDTH * RIGHT, HEIGHT * UP)
        axes = [Arrow(self.center - end, self.center + end, **style) for end in ends]
        names = [label("w₁", 26, GREY_B).next_to(axes[0].get_end(), DOWN, buff=0.15)]
        names.append(label("w₂", 26, GREY_B).next_to(axes[1].get_end(), LEFT, buff=0.15))
        self.axes = VGroup(*axes, *names)

    def point(self, weights):
        return self.center + self.unit * np.array([weights[0], weights[1], 0.0])

    def dot(self, weights, color):
        return Dot(self.point(weights), radius=0.1, color=color)

    def level_set(self, weights, share=1.0):
        """The ellipse of equal loss through ``weights``, drawn as far as the plane reaches."""
        offset = np.array(weights) - OPTIMUM
        radii = share * np.sqrt((curvature() * offset**2).sum() / curvature())
        turn = np.linspace(0, 2 * np.pi, 181)
        points = OPTIMUM + np.stack([radii[0] * np.cos(turn), radii[1] * np.sin(turn)], axis=1)
        ring = VMobject(color=LOSS_COLOR, stroke_width=3)
        on_screen = np.abs(points) * self.unit
        is_inside = (on_screen < [WIDTH - 0.36, HEIGHT - 0.3]).all(axis=1)
        for k in range(180):
            if is_inside[k] and is_inside[k + 1]:
                start, end = self.point(points[k]), self.point(points[k + 1])
                ring.append_points(np.linspace(start, end, 4))
        return ring

    def path(self, weights_of, last):
        strengths = last * np.linspace(0, 1, 80) ** 2
        curve = VMobject(stroke_width=5)
        return curve.set_points_as_corners([self.point(weights_of(s)) for s in strengths])


class WeightDecay(Scene):
    def construct(self):
        if not any(OPTIMUM):
            raise ValueError("OPTIMUM is the origin already: there is nothing to shrink")
        self.caption = VGroup()
        title = label("Weight decay: L2 shrinks, L1 makes sparse", 40).to_edge(UP, buff=0.3)
        self.play(FadeIn(title), run_time=0.6)
        self.show_loss()
        self.show_decay()
        self.sweep_lambda()
        self.touch_balls()
        self.compare_paths()
        self.wait(2)

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.3)
        self.play(*replace_words(self.caption, new), run_time=0.5)
        self.caption = new

    def show_loss(self):
        self.plane = Plane([-3.7, -0.1, 0])
        reach = self.plane.level_set([0, 0])
        rings = VGroup(*(self.plane.level_set([0, 0], k / 4) for k in (1, 2, 3)), reach)
        rings.set_stroke(opacity=0.6)
        self.best = self.plane.dot(OPTIMUM, LOSS_COLOR)
        self.play(Create(self.plane.axes), run_time=0.8)
        self.play(FadeIn(self.best, scale=2), Create(rings, lag_ratio=0.3), run_time=1.2)
        self.say("Training alone settles at the bottom of the loss, w*")
        self.rings = rings

    def show_decay(self):
        goal = label("minimise   loss(w) + ½ λ ‖w‖²", 30)
        step = label("w  ←  w − η ∇loss(w) − ηλ w", 30)
        decay = label("w  ←  (1 − ηλ) w − η ∇loss(w)", 30)
        goal.move_to([3.4, 2.2, 0])
        step.move_to([3.4, 1.4, 0])
        decay.move_to([3.4, 0.6, 0])
        decay[2:8].set_color(L2_COLOR)
        self.play(FadeIn(goal), run_time=0.6)
        self.say("Add the L2 penalty ½ λ ‖w‖². Its gradient is λ w")
        self.play(FadeIn(step, shift=0.2 * DOWN), run_time=0.6)
        self.play(FadeIn(decay, shift=0.2 * DOWN), run_time=0.6)
        self.say("So every step first multiplies w by 1 − ηλ: the weights decay")
        self.formulas = VGroup(goal, step, decay)
        self.wait(0.8)

    def sweep_lambda(self):
        path = self.plane.path(ridge, LAMBDA).set_color(L2_COLOR)
        shrunk = self.plane.dot(OPTIMUM, L2_COLOR)
        start = self.read_out("λ = 0", OPTIMUM)
        self.play(FadeIn(shrunk), FadeIn(start), run_time=0.5)
        self.say("Turn λ up: the best weights slide towards zero")
        self.play(Create(path), shrunk.animate.move_to(path.get_end()), run_time=1.6)
        end = self.read_out(f"λ = {show_number(LAMBDA)}", ridge(LAMBDA))
        self.play(*replace_words(start, end, rise=0), run_time=0.5)
        rest = self.plane.path(lambda t: ridge(LAMBDA + t), 400).set_color(L2_COLOR)
        self.say("L2 only scales the weights: no finite λ makes one exactly 0")
        self.play(Create(rest.set_stroke(width=2, opacity=0.8)), run_time=1.2)
        self.wait(0.8)
        parts = [self.plane.axes, self.rings, self.best, self.formulas, path, rest, shrunk, end]
        self.play(*(FadeOut(part) for part in parts), run_time=0.6)

    def read_out(self, strength, weights):
        lines = VGroup(label(strength, 34, L2_COLOR), label(show_weights(weights), 34))
        return lines.arrange(DOWN, buff=0.3).move_to([3.4, -1.2, 0])

    def touch_balls(self):
        strength = strength_that_leaves_one_weight()
        round_, sparse = ridge(strength), lasso(strength)
        left, right = Plane([-3.5, -0.15, 0]), Plane([3.5, -0.15, 0])
        disc = Circle(radius=left.unit * np.linalg.norm(round_), color=L2_COLOR)
        diamond = Square(side_length=right.unit * np.abs(sparse).sum() * 2**0.5, color=L1_COLOR)
        disc.move_to(left.center).set_fill(opacity=0.3)
        diamond.rotate(np.pi / 4).move_to(right.center).set_fill(opacity=0.3)
        heads = VGroup(label("L2:  w₁² + w₂² ≤ r²", 28, L2_COLOR).move_to([-3.5, 2.65, 0]))
        heads.add(label("L1:  |w₁| + |w₂| ≤ r", 28, L1_COLOR).move_to([3.5, 2.65, 0]))
        self.play(FadeIn(left.axes), FadeIn(right.axes), FadeIn(heads), run_time=0.6)
        self.play(GrowFromCenter(disc), GrowFromCenter(diamond), run_time=0.8)
        self.say("Each penalty keeps w in a ball. Let the loss grow until it touches")
        self.grow_level_sets((left, round_), (right, sparse))
        self.play(Flash(left.point(round_), color=WHITE), Flash(right.point(sparse), color=WHITE))
        self.name_contacts(strength, (left, round_), (right, sparse))
        self.say(self.describe_contacts(sparse))
        self.wait(1.2)
        self.fade_all_but_title()

    def grow_level_sets(self, *contacts):
        share = ValueTracker(0.05)
        for plane, weights in contacts:
            ring = plane.level_set(weights, 0.05)
            self.add(plane.dot(OPTIMUM, LOSS_COLOR), ring)
            ring.add_updater(
                lambda r, p=plane, w=weights: r.set_points(p.level_set(w, share.get_value()).points)
            )
        self.play(share.animate.set_value(1), run_time=2)
        self.add(*(plane.dot(weights, WHITE) for plane, weights in contacts))

    def name_contacts(self, strength, *contacts):
        words = VGroup()
        for plane, weights in contacts:
            text = f"λ = {show_number(strength)}:   {show_weights(weights)}"
            words.add(label(text, 28).move_to([plane.center[0], -2.8, 0]))
        self.play(FadeIn(words), run_time=0.5)

    def describe_contacts(self, sparse):
        gone = "w₁" if sparse[0] == 0 else "w₂"
        if all(OPTIMUM):
            return f"The disc keeps both weights; the diamond's corner makes {gone} = 0"
        return f"The diamond has its corners on the axes, where {gone} = 0 exactly"

    def fade_all_but_title(self):
        title = self.mobjects[0]
        self.play(*(FadeOut(m) for m in self.mobjects if m is not title), run_time=0.6)
        self.caption = VGroup()

    def compare_paths(self):
        last = 1.25 * max(curvature() * np.abs(OPTIMUM))
        left = self.plot_sizes([-6.2, -2.2, 0], ridge, last)
        right = self.plot_sizes([0.9, -2.2, 0], lasso, last)
        heads = VGroup(label("L2:  w = w* · a / (a + λ)", 28, L2_COLOR).move_to([-3.6, 2.4, 0]))
        heads.add(label("L1:  |w| = |w*| − λ / a,  or 0", 28, L1_COLOR).move_to([3.5, 2.4, 0]))
        self.play(FadeIn(heads), *(FadeIn(p[0]) for p in (left, right)), run_time=0.6)
        self.play(*(Create(p[1]) for p in (left, right)), run_time=1.6)
        self.say("a is the loss's curvature: how firmly the data hold a weight")
        self.wait(0.8)
        self.say("L2 multiplies, so it never reaches 0. L1 subtracts, so it does")

    def plot_sizes(self, origin, weights_of, last):
        """The axes, and the sizes of both weights against λ from 0 to ``last``."""
        origin, width, height = np.array(origin), 5.0, 3.9
        style = {"color": GREY_B, "stroke_width": 2, "buff": 0, "tip_length": 0.18}
        axes = VGroup(
            Arrow(origin, origin + (width + 0.4) * RIGHT, **style),
            Arrow(origin, origin + (height + 0.3) * UP, **style),
        )
        axes.add(label("λ", 26, GREY_B).next_to(axes[0].get_end(), DOWN, buff=0.15))
        legend = VGroup(label("|w₁|", 26, YELLOW), label("|w₂|", 26, "#FF8080"))
        axes.add(
            legend.arrange(RIGHT, buff=0.5).move_to(
                origin + (width - 1) * RIGHT + (height - 0.2) * UP
            )
        )
        curves = VGroup()
        for i, color in enumerate((YELLOW, "#FF8080")):
            corners = []
            for strength in np.linspace(0, last, 120):
                size = abs(weights_of(strength)[i]) / max(np.abs(OPTIMUM))
                corners.append(origin + width * strength / last * RIGHT + height * size * UP)
            curves.add(VMobject(color=color, stroke_width=5).set_points_as_corners(corners))
        return axes, curves
