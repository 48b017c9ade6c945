"""The double pendulum: a small difference grows until nothing is alike.

Two pendulums, one hung on the other, follow exact laws. Yet two of them that start a fraction of a
degree apart soon move differently: that is chaos. Small swings stay orderly. Computed by
Runge-Kutta steps of fourth order, for equal masses and rods. Source: Shinbrot et al., Chaos in a
double pendulum, American Journal of Physics, 1992.

Parameters
----------
ANGLE_1 : number in [-180, 180]
    The angle of the upper rod at the start, in degrees from straight down.
ANGLE_2 : number in [-180, 180]
    The angle of the lower rod at the start, in degrees.
LENGTH : number in [0.2, 5]
    The length of each rod, in metres.
DIFFERENCE : number in [0.01, 5]
    How many degrees later the second pendulum starts.

Example prompts
---------------
- Show a double pendulum
- double pendulum starting at 150 degrees and 120 degrees
- Chaos: two double pendulums that start 0.1 degrees apart
- Why is a double pendulum unpredictable?

Keywords
--------
double pendulum, chaos, chaotic motion, sensitive dependence, butterfly effect, two pendulums,
unpredictable, deterministic chaos, initial conditions, coupled pendulum, Lagrangian mechanics
example, trajectories diverge

Subjects
--------
double pendulum, chaos of a double pendulum, chaotic pendulum, sensitive dependence on initial
conditions, two coupled rods

Not
---
Foucault, torsion, inverted, triple: another pendulum
Lorenz, logistic map, butterfly: another system
simple pendulum: two rods are shown
logistic map: nothing is iterated by a formula
Lorenz attractor: another chaotic system
with friction, with air resistance, with drag, with damping, damped: no energy is lost
double slit, double integral, double helix: no pendulum
"""

import numpy as np
from manim import (
    BLUE,
    RED,
    YELLOW,
    Dot,
    FadeIn,
    Line,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    chart_in,
    number,
)

ANGLE_1 = 120
ANGLE_2 = -20
LENGTH = 1
DIFFERENCE = 0.5

PIVOT = np.array([-3.4, 0.35, 0])
ROD = 1.35
SECONDS = 12.0
FRAMES = 600
GRAVITY = 9.81


def accelerate(state):
    """The change of angles and speeds of two equal rods with equal weights at their ends."""
    a, b, va, vb = state
    sine, cosine = np.sin(a - b), np.cos(a - b)
    pull = GRAVITY / LENGTH
    below = 2 - cosine**2
    up = -(va**2) * sine * cosine - vb**2 * sine - 2 * pull * np.sin(a) + pull * np.sin(b) * cosine
    low = (2 * va**2 * sine + vb**2 * sine * cosine + 2 * pull * np.sin(a) * cosine
           - 2 * pull * np.sin(b))  # fmt: skip
    return np.array([va, vb, up / below, low / below])


def swing(first, second):
    """Both angles at every frame, from rest."""
    state = np.array([np.radians(first), np.radians(second), 0.0, 0.0])
    # Half the pieces in time where rods are short: they swing faster.
    pieces = 4 if LENGTH > 0.5 else 8
    step = SECONDS / FRAMES / pieces
    angles = [state[:2]]
    for _ in range(FRAMES):
        for _ in range(pieces):
            k1 = accelerate(state)
            k2 = accelerate(state + step / 2 * k1)
            k3 = accelerate(state + step / 2 * k2)
            k4 = accelerate(state + step * k3)
            state = state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        angles.append(state[:2])
    return np.array(angles)


def places(angles):
    """The joint and the end of the lower rod, on the screen."""
    joint = PIVOT + ROD * np.array([np.sin(angles[0]), -np.cos(angles[0]), 0])
    return joint, joint + ROD * np.array([np.sin(angles[1]), -np.cos(angles[1]), 0])


class DoublePendulum(CaptionedScene):
    def construct(self):
        self.begin("The double pendulum")
        self.runs = (swing(ANGLE_1, ANGLE_2), swing(ANGLE_1 + DIFFERENCE, ANGLE_2))
        ends = [np.array([places(angles)[1] for angles in run]) for run in self.runs]
        self.ends = ends
        self.apart = np.linalg.norm(ends[0] - ends[1], axis=1) / ROD * LENGTH
        self.elapsed = ValueTracker(0)
        self.show_pendulums()
        self.show_axes()
        self.let_go()
        self.conclude()

    def frame(self):
        return min(FRAMES, int(self.elapsed.get_value() / SECONDS * FRAMES))

    def pendulum(self, run, color):
        def build():
            joint, end = places(self.runs[run][self.frame()])
            rods = VGroup(Line(PIVOT, joint, color=color), Line(joint, end, color=color))
            weights = (Dot(at, radius=0.1, color=color) for at in (joint, end))
            return VGroup(rods.set_stroke(width=5), *weights)

        return build

    def show_pendulums(self):
        builders = [self.pendulum(0, YELLOW), self.pendulum(1, BLUE)]
        drawn = [build() for build in reversed(builders)]
        self.play(*map(FadeIn, drawn), FadeIn(Dot(PIVOT, radius=0.07)), run_time=0.8)
        for shown, build in zip(drawn, reversed(builders), strict=True):
            shown.add_updater(lambda m, b=build: m.become(b()))
        self.drawn = drawn
        start = f"{number(ANGLE_1)}° and {number(ANGLE_2)}°"
        self.say(f"Two rods of {number(LENGTH)} m, from rest at {start}", 0.6)
        self.say(f"Blue starts only {number(DIFFERENCE)}° beside yellow", 0.6)

    def show_axes(self):
        top = max(0.1, 1.1 * self.apart.max())
        names = ("t in s", "distance of the ends in m")
        self.axes = chart_in((0, SECONDS), (0, top), (5.0, 3.6), (3.3, 0.1), names)
        self.play(FadeIn(self.axes), run_time=0.6)

    def let_go(self):
        """Ten seconds and more, with the paths of both ends and their distance."""
        self.say("Let go: at first they move as one", 0)
        self.traces = []
        for run, color in ((1, BLUE), (0, YELLOW)):
            self.traces.append(
                self.follow(lambda n, r=run: self.ends[r][max(0, n - 60) : n + 1], color)
            )
        times = np.linspace(0, SECONDS, FRAMES + 1)
        points = [self.axes.c2p(t, d) for t, d in zip(times, self.apart, strict=True)]
        self.traces.append(self.follow(lambda n: points[: n + 1 : 2], RED))
        self.add(*self.traces)
        self.play(self.elapsed.animate.set_value(SECONDS), rate_func=linear, run_time=SECONDS)
        for moving in (*self.drawn, *self.traces):
            moving.clear_updaters()

    def follow(self, points, color):
        """A line through the points up to the present frame."""

        def build():
            found = list(points(self.frame()))
            line = VMobject(color=color, stroke_width=2.5)
            return line.set_points_as_corners(found if len(found) > 1 else [*found, *found])

        drawn = build()
        drawn.add_updater(lambda m: m.become(build()))
        return drawn

    def conclude(self):
        if self.apart.max() > 0.5 * LENGTH:
            late = np.flatnonzero(self.apart > 0.5 * LENGTH)[0] / FRAMES * SECONDS
            self.say(f"After {number(late, 1)} s they are half a rod apart, and soon unlike", 1)
            self.say("The laws are exact, yet tiny differences grow: that is chaos", 2.4)
        else:
            most = f"{number(self.apart.max(), 3)} m"
            if max(abs(ANGLE_1), abs(ANGLE_2)) <= 45:
                self.say(f"They stay within {most}: small swings are orderly", 2.6)
            else:
                self.say(f"They stay within {most} for now: not every start is chaotic", 2.6)
