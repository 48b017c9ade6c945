"""Slices of a four-dimensional ball: balls that grow and shrink.

The slices of a disc are segments, those of a ball are discs, those of a ball in four dimensions are
balls. At the height w its radius is √(R² − w²); the volumes of all slices add up to ½π²R⁴.
Source: Apostol, Calculus, volume 2, section 11.33.

Parameters
----------
RADIUS : number in [0.5, 3]
    The radius R of the ball.

Example prompts
---------------
- Show slices of a four-dimensional ball
- 4D ball passing through our space
- What would a hypersphere of radius 2 look like as it passes through 3D?
- volume of a 4D ball by slices

Keywords
--------
4D ball, four-dimensional ball, hypersphere, 3-sphere, slices, cross-sections, hyperball, glome,
volume of a 4D ball, four-dimensional sphere, 4-ball,
our space, cross-section, cut into slices, radius, four dimensions, comes through

Subjects
--------
4D ball, four-dimensional ball, slices of a 4D ball, hypersphere, hyperspheres, 4-ball,
four-dimensional sphere, 3-sphere, hyperball

Not
---
sphere alone, ball alone, 3D ball: three dimensions
Hopf fibration: circles in it
ball game, bouncing ball, dance ball: a game
slices of bread, pizza slices: food
Clifford torus, tesseract: another shape
"""

import numpy as np
from manim import (
    BLUE,
    GREY_B,
    TAU,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    draw_lines_4d,
    graph,
    label,
    number,
    rotation_4d,
    view_4d,
)

RADIUS = 1

SHOWN = 1.5  # how large R is drawn
CORNERS = 40  # of a circle as it is drawn
CENTER = [-3.2, -0.1, 0.0]


def ball(w):
    """A slice at the height w in units of R: circles, as lines between rows of four coordinates."""
    radius = np.sqrt(max(0.0, 1 - w**2))
    run, flat = np.linspace(0, TAU, CORNERS + 1), np.full(CORNERS + 1, w)
    lines = []
    for angle in np.arange(4) * TAU / 8:
        out = radius * np.cos(run)
        lines.append([np.cos(angle) * out, radius * np.sin(run), np.sin(angle) * out, flat])
    for height in (-0.6, 0, 0.6):
        out = radius * np.sqrt(1 - height**2)
        lines.append([out * np.cos(run), 0 * run + radius * height, out * np.sin(run), flat])
    points = np.moveaxis(np.array(lines), 1, -1)
    return SHOWN * np.stack([points[:, :-1], points[:, 1:]], axis=2).reshape(-1, 2, 4)


class FourBallSlices(CaptionedScene):
    def construct(self):
        self.height = ValueTracker(-0.999)
        self.slice = VMobject(color=BLUE, stroke_width=3)
        self.begin("A ball in four dimensions, slice by slice")
        self.show_chart()
        self.pass_through()
        self.show_all()
        self.add_up()

    def show_chart(self):
        self.say("A disc is cut into segments, a ball into discs", 0.8)
        self.say("A ball in four dimensions is cut into balls", 0.4)
        self.axes = axes_in((-1.15, 1.15), (0, 1.15), (5.2, 2.6), (3.3, 0.5))
        ws = np.sin(np.linspace(-TAU / 4, TAU / 4, 80))
        self.curve = graph(self.axes, ws, np.sqrt(1 - ws**2), GREY_B, 3)
        names = VGroup(
            label("w", 26, GREY_B).move_to(self.axes.c2p(1.15, -0.14)),
            label(f"−{number(RADIUS)}", 24, GREY_B).move_to(self.axes.c2p(-1, -0.14)),
            label(number(RADIUS), 24, GREY_B).move_to(self.axes.c2p(0.98, -0.14)),
            label("radius of the slice", 26, GREY_B).move_to([3.3, 2.25, 0]),
        )
        self.play(FadeIn(self.axes), FadeIn(names), Create(self.curve), run_time=1)

    def pass_through(self):
        self.dot = Dot(color=YELLOW, radius=0.09)
        self.follow(VGroup(self.slice, self.dot))
        self.say("As it passes through our space, a ball appears, grows and shrinks", 0)
        shown = VGroup(self.slice, self.dot).add_updater(self.follow)
        self.add(shown)
        self.play(self.height.animate.set_value(0.999), run_time=5, rate_func=linear)
        shown.clear_updaters()
        formula = label("r = √(R² − w²)", 32, YELLOW).move_to([3.3, -1.55, 0])
        self.play(FadeIn(formula), FadeOut(shown), run_time=0.6)

    def follow(self, shown):
        w = self.height.get_value()
        draw_lines_4d(shown[0], ball(w), view_4d(CENTER))
        shown[1].move_to(self.axes.c2p(w, np.sqrt(1 - w**2)))

    def show_all(self):
        self.angle = ValueTracker(0)
        self.heights = [-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9]
        colors = [BLUE, BLUE, BLUE, WHITE, YELLOW, YELLOW, YELLOW]
        self.slices = VGroup(*(VMobject(color=c, stroke_width=2) for c in colors))
        self.place(self.slices)
        self.say("All slices at once: what is nearer along w looks larger", 0)
        self.play(FadeIn(self.slices), run_time=1)
        self.say("Turned in the plane xw, they stand side by side", 0)
        self.slices.add_updater(self.place)
        self.play(self.angle.animate.set_value(TAU / 4), run_time=3)
        self.slices.clear_updaters()

    def place(self, slices):
        turn = rotation_4d(["xw"], self.angle.get_value())
        for w, shape in zip(self.heights, slices, strict=True):
            draw_lines_4d(shape, ball(w) @ turn.T, view_4d(CENTER))

    def add_up(self):
        volume = np.pi**2 / 2 * RADIUS**4
        total = label(f"½π²R⁴ ≈ {number(volume)}", 34, YELLOW).move_to([3.3, -2.3, 0])
        self.play(FadeIn(total), run_time=0.6)
        self.say("The volumes of all slices add up to its content", 2.2)
