"""Heat on a rod: hills sink and valleys fill.

The temperature follows the heat equation, ∂u/∂t = α ∂²u/∂x²: it falls where the curve bends down
and rises where it bends up. With ends kept at 0 every sine wave sin(nπx/L) shrinks by itself, like
e^(−α (nπ/L)² t), so fine details vanish first. Source: Strauss, Partial Differential Equations,
chapter 4.

Parameters
----------
PROFILE : one of: hot middle, hot half, two hot spots
    The temperature at the start.
DIFFUSIVITY : number in [0.1, 10]
    The diffusivity α, in cm² per second.
LENGTH : number in [5, 50]
    The length of the rod, in cm.

Example prompts
---------------
- How does heat spread along a rod?
- heat equation on a rod of length 20 with a hot middle
- Show diffusion of temperature, two hot spots
- Solve the heat equation by a sine series, diffusivity 2

Keywords
--------
heat equation, heat on a rod, diffusion, temperature, heat conduction, rod, thermal diffusivity,
diffusion equation, cooling rod, spread of heat, partial differential equation, PDE, sine series,
second derivative, curvature, smoothing

Subjects
--------
heat diffusion, heat spreads, heat spreading,
heat equation, heat on a rod, heat conduction in a rod, diffusion of heat, one-dimensional diffusion
equation, temperature along a rod

Not
---
heat engine, heat pump, heat map, heat wave, heat death: no rod
heat capacity, latent heat, specific heat: no flow
convection, radiation: another way
wave equation: nothing swings
heat in a plate: one dimension only
Newton's law of cooling: the temperature differs along the rod
heat capacity, heat engine, heat pump, heat map, heat wave: no rod
"""

import numpy as np
from manim import (
    BLUE_E,
    GREEN,
    RED,
    YELLOW,
    FadeIn,
    FadeOut,
    Rectangle,
    ValueTracker,
    VGroup,
    VMobject,
    interpolate_color,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    chart_in,
    label,
    number,
)

PROFILE = "hot middle"
DIFFUSIVITY = 1
LENGTH = 20

TERMS = 40
PLACES = 121
PIECES = 30
CENTER = (-0.2, 0.55)
SIZE = (11.0, 3.6)
ROD_Y = -2.3


def start_at(x):
    """The temperature at the start, at a place from 0 to 1."""
    if PROFILE == "hot middle":
        return 100.0 * (abs(x - 0.5) < 0.15)
    if PROFILE == "hot half":
        return 100.0 * ((x > 0) & (x < 0.5))
    return 100.0 * (abs(x - 0.25) < 0.1) + 60.0 * (abs(x - 0.75) < 0.1)


def coefficients():
    xs = (np.arange(2000) + 0.5) / 2000
    waves = np.sin(np.pi * np.outer(np.arange(1, TERMS + 1), xs))
    return 2 * (waves * start_at(xs)).mean(axis=1)


class HeatRod(CaptionedScene):
    def construct(self):
        self.begin(f"Heat on a rod of {number(LENGTH)} cm: {PROFILE}")
        self.xs = np.linspace(0, 1, PLACES)
        ns = np.arange(1, TERMS + 1)
        self.waves = np.sin(np.pi * np.outer(self.xs, ns))
        self.factors = coefficients()
        self.rates = DIFFUSIVITY * (ns * np.pi / LENGTH) ** 2
        # Until the longest wave has one tenth of its height.
        self.end = np.log(10) / self.rates[0]
        self.elapsed = ValueTracker(0)
        self.show_rod()
        self.explain_bending()
        self.cool()
        self.conclude()

    def temperature(self, time):
        if time <= 0:
            return start_at(self.xs)
        return self.waves @ (self.factors * np.exp(-self.rates * time))

    def show_rod(self):
        names = ("cm", "temperature in °C")
        self.axes = chart_in((0, LENGTH), (0, 110), SIZE, CENTER, names)
        self.play(FadeIn(self.axes), run_time=0.7)
        self.drawn = self.build()
        self.play(FadeIn(self.drawn), run_time=0.8)
        self.say("The curve, and below it the rod: red is hot, blue is cold", 0.6)
        self.say("Both ends are kept at 0 °C", 0.5)

    def build(self):
        """The curve of temperature and the rod in coloured pieces."""
        drawn = VGroup(VMobject(color=YELLOW, stroke_width=5))
        piece = SIZE[0] / PIECES
        left = self.axes.c2p(0, 0)[0]
        for i in range(PIECES):
            box = Rectangle(width=1.03 * piece, height=0.36, stroke_width=0)
            drawn.add(box.move_to([left + (i + 0.5) * piece, ROD_Y, 0]))
        self.paint(drawn)
        return drawn

    def paint(self, drawn):
        """Bend the curve and colour the rod as they are at this time."""
        values = self.temperature(self.elapsed.get_value())
        points = self.axes.c2p(LENGTH * self.xs, values)
        drawn[0].set_points_as_corners(points.T)
        for i, box in enumerate(drawn[1:]):
            first = i * (PLACES - 1) // PIECES
            warmth = float(np.clip(values[first : first + 5].mean() / 100, 0, 1))
            box.set_fill(interpolate_color(BLUE_E, RED, warmth), 1)

    def explain_bending(self):
        self.say("Where the curve bends down it cools, where it bends up it warms", 0.9)
        rule = label("∂u/∂t = α ∂²u/∂x²", 30, GREEN).move_to([4.2, 2.4, 0])
        self.play(FadeIn(rule), run_time=0.6)

    def clock(self):
        seconds = number(self.elapsed.get_value(), 1 if self.end < 100 else 0)
        return label(f"t = {seconds} s", 30, YELLOW).move_to([0.6, 2.4, 0])

    def cool(self):
        """Run time faster and faster: details vanish first, then all sinks."""
        self.drawn.add_updater(self.paint)
        self.add(self.drawn)
        stops = ((0.04, 2.5, "The sharp edges vanish first"), (0.25, 3, "Then the hill spreads"),
                 (1.0, 4, "And at last all heat leaves through the ends"))  # fmt: skip
        clock = self.clock()
        self.play(FadeIn(clock), run_time=0.3)
        for share, run_time, words in stops:
            self.say(words, 0)
            self.play(FadeOut(clock), run_time=0.2)
            move = self.elapsed.animate.set_value(share * self.end)
            self.play(move, rate_func=linear, run_time=run_time)
            clock = self.clock()
            self.play(FadeIn(clock), run_time=0.3)
        self.drawn.clear_updaters()

    def conclude(self):
        ratio = number(np.exp(-self.rates[0] * self.end), 2)
        halved = float(np.log(2) / self.rates[0])
        self.say(f"The longest wave, one hump over the rod, has {ratio} of its height left", 1)
        fourth = f"{approx(halved, 1)} s; a wave half as long halves in a quarter of that"
        self.say(f"It halves in t {fourth}", 2.4)
