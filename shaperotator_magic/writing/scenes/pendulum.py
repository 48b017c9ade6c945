"""A swinging pendulum, and simple harmonic motion.

For small swings the angle is a cosine of the time, with the period 2π √(L / g): it depends on the
length alone. Wide swings take a little longer; the true motion (by the Runge–Kutta method) is
drawn beside the cosine. Source: Taylor, Classical Mechanics, sections 4.7 and 5.2.

Parameters
----------
LENGTH : number in [0.2, 5]
    The length of the string in metres.
ANGLE : number in [5, 80]
    The angle at which it is let go, in degrees.

Example prompts
---------------
- How does a pendulum swing?
- simple harmonic motion of a pendulum of length 2 m
- period of a pendulum released at 60 degrees
- harmonic oscillator, oscillation as a cosine

Keywords
--------
pendulum, swing, swinging, simple harmonic motion, harmonic oscillator, harmonic motion,
oscillation, oscillate, oscillator, period, string, amplitude, SHM, clock, small angle, swings,
swinging weight, grandfather clock, restoring force

Subjects
--------
pendulum, simple pendulum, swinging pendulum, pendulum swing, oscillation of a pendulum, period of
a pendulum, swinging weight, grandfather clock, weight on a string

Not
---
double pendulum: two joints, chaos
torsion pendulum: twists a wire
Foucault pendulum: turns with the earth
inverted pendulum: a controller
damped pendulum, damped oscillator, damped harmonic, with friction, with air resistance,
    with drag, with damping: friction
Kapitza pendulum: vibrates
spherical pendulum: two angles
compound pendulum, physical pendulum, moment of inertia: a body
coupled pendulums, coupled oscillators: two of them
spring pendulum, mass on a spring, spring, Wilberforce: a spring
driven oscillator, forced oscillation, resonance: a force
quantum harmonic: quantum
anharmonic: other force
ballistic pendulum: a shot
LC: electricity
pendulum of history, political pendulum: a figure of speech
Van der Pol: another oscillator
pendulum wave: many of them
Huygens: clocks
metronome: a device
conical pendulum: a circle
crystal oscillator: electronics
Newton's cradle: impacts
mood swings: medicine
swing state: politics
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREY_B,
    GREY_D,
    LEFT,
    RIGHT,
    WHITE,
    YELLOW,
    Create,
    DashedLine,
    DashedVMobject,
    Dot,
    FadeIn,
    Line,
    ValueTracker,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    graph,
    label,
    marks_below,
    number,
)

LENGTH = 1
ANGLE = 30

GRAVITY = 9.81
PIVOT = np.array([-4.5, 1.7, 0.0])
STRING = 3.3
PERIODS = 2.25


def swing(duration, steps=600):
    """The true angle, in radians, at evenly spaced times, by the classical Runge-Kutta method."""

    def change(state):
        return np.array([state[1], -GRAVITY / LENGTH * np.sin(state[0])])

    state, h = np.array([np.radians(ANGLE), 0.0]), duration / steps
    angles = [state[0]]
    for _ in range(steps):
        k1 = change(state)
        k2 = change(state + h / 2 * k1)
        k3 = change(state + h / 2 * k2)
        k4 = change(state + h * k3)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        angles.append(state[0])
    return np.array(angles)


class Pendulum(CaptionedScene):
    def construct(self):
        self.period = 2 * np.pi * np.sqrt(LENGTH / GRAVITY)
        self.span = PERIODS * self.period
        self.angles = swing(self.span)
        self.begin(f"A pendulum, {number(LENGTH)} m long, let go at {number(ANGLE)}°")
        self.clock = ValueTracker(0)
        self.show_pendulum()
        self.show_axes()
        self.let_go()
        self.compare()

    def bob_at(self, angle):
        return PIVOT + STRING * np.array([np.sin(angle), -np.cos(angle), 0])

    def now(self):
        share = self.clock.get_value() / self.span
        return float(np.interp(share, np.linspace(0, 1, len(self.angles)), self.angles))

    def show_pendulum(self):
        ceiling = Line(PIVOT + 1.0 * LEFT, PIVOT + 1.0 * RIGHT, color=GREY_B, stroke_width=5)
        rest = DashedLine(PIVOT, PIVOT + STRING * DOWN, color=GREY_D, stroke_width=2)
        string = Line(PIVOT, self.bob_at(self.angles[0]), color=WHITE, stroke_width=4)
        bob = Dot(self.bob_at(self.angles[0]), radius=0.2, color=YELLOW)
        self.play(Create(ceiling), FadeIn(rest), run_time=0.5)
        self.play(Create(string), FadeIn(bob), run_time=0.8)
        self.say("Gravity pulls it back to the middle, its speed carries it past", 0.6)
        string.add_updater(lambda s: s.set_points_as_corners([PIVOT, self.bob_at(self.now())]))
        bob.add_updater(lambda b: b.move_to(self.bob_at(self.now())))
        self.add(string, bob)

    def show_axes(self):
        top = 1.25 * ANGLE
        self.axes = axes_in((0, self.span), (-top, top), (6.8, 3.9), (2.7, 0.1))
        marks = marks_below(
            self.axes,
            [self.period, 2 * self.period],
            [f"{number(k * self.period)} s" for k in (1, 2)],
            y=-1.05 * top,
        )
        ends = VGroup()
        for value in (ANGLE, -ANGLE):
            name = label(f"{number(value)}°", 24, GREY_B)
            ends.add(name.next_to(self.axes.c2p(0, value), LEFT, buff=0.12))
        self.play(FadeIn(self.axes, marks, ends), run_time=0.6)

    def let_go(self):
        times = np.linspace(0, self.span, len(self.angles))
        curve = graph(self.axes, times[::3], np.degrees(self.angles[::3]), YELLOW)
        self.say("The angle, drawn against the time, is a wave", 0)
        self.play(
            self.clock.animate.set_value(self.span),
            Create(curve),
            rate_func=linear,
            run_time=min(max(self.span, 4), 7),
        )
        for mobject in self.mobjects:
            mobject.clear_updaters()

    def compare(self):
        times = np.linspace(0, self.span, 200)
        wave = graph(self.axes, times, ANGLE * np.cos(2 * np.pi * times / self.period), BLUE, 3)
        name = label("blue: a cosine", 26, BLUE).move_to([5.3, 2.45, 0])
        self.play(Create(DashedVMobject(wave, num_dashes=60)), FadeIn(name), run_time=1.2)
        period = f"2π √(L / g) = {number(self.period)} s"
        self.say(f"For small swings it is a cosine with the period {period}", 1.5)
        true = self.true_period()
        if ANGLE <= 20:
            self.say("The period depends on the length alone, not on the swing or the mass", 2.2)
        else:
            self.say(f"A swing as wide as this one takes longer: {number(true)} s", 2.2)

    def true_period(self):
        """4 K(sin(θ/2)) √(L/g), by the arithmetic-geometric mean."""
        a, b = 1.0, float(np.cos(np.radians(ANGLE) / 2))
        for _ in range(8):
            a, b = (a + b) / 2, float(np.sqrt(a * b))
        return self.period / a
