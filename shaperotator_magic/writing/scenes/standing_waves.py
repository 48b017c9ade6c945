"""Standing waves on a string: two waves that run against each other.

A wave and its reflection add up to sin(kx) cos(ωt): the places with sin(kx) = 0, the nodes, never
move. Between two fixed ends fits a whole number n of half waves, so λ = 2L / n, and the frequencies
are f = n v / (2L), multiples of the lowest. Source: Halliday, Resnick and Walker, Fundamentals of
Physics, chapter 16.

Parameters
----------
HARMONIC : integer in [1, 6]
    The number n of half waves.
LENGTH : number in [0.1, 5]
    The length of the string, in metres.
SPEED : number in [10, 500]
    The speed of waves on it, in metres per second.

Example prompts
---------------
- How do standing waves arise?
- standing wave on a string, third harmonic
- Nodes and antinodes of a vibrating string of length 0.65 m
- Why does a vibrating string have overtones?

Keywords
--------
standing wave, standing waves, vibrating string, harmonics, harmonic, overtone, overtones, node,
antinode, fundamental, resonance of a string, reflection of waves, half wavelength,
fixed ends, eigenmodes of a string

Subjects
--------
standing wave, standing waves on a string, harmonics of a string, nodes and antinodes, overtones,
vibrating string, fundamental frequency of a string

Not
---
wave equation, drum, membrane: a surface
wave packet, electromagnetic, microwave: other waves
standing committee, standing order: no wave
travelling wave alone: two waves are added
beats: both waves have one frequency
waves in an open pipe: both ends are fixed
travelling wave, shock wave, standing desk: no standing wave
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    RED,
    RIGHT,
    UP,
    WHITE,
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
    approx,
    label,
    number,
    ticks,
)

HARMONIC = 3
LENGTH = 0.65
SPEED = 260

WIDTH = 11.0
HEIGHT = 0.65


class StandingWaves(CaptionedScene):
    def construct(self):
        halves = "half wave" if HARMONIC == 1 else "half waves"
        self.begin(f"Standing waves: {HARMONIC} {halves} on a string")
        self.phase = ValueTracker(0)
        self.show_runners()
        self.add_them()
        self.mark_nodes()
        self.compute()

    def curve(self, function, y, color, width=4):
        """A function of place (0 to 1) and phase, around a height; it follows the phase."""
        places = np.linspace(0, 1, 161)

        def build():
            ys = y + HEIGHT * function(HARMONIC * np.pi * places, self.phase.get_value())
            points = [[WIDTH * (p - 0.5), h, 0] for p, h in zip(places, ys, strict=True)]
            return VMobject(color=color, stroke_width=width).set_points_as_corners(points)

        drawn = build()
        drawn.add_updater(lambda m: m.become(build()))
        return drawn

    def run(self, periods, run_time):
        end = self.phase.get_value() + 2 * np.pi * periods
        self.play(self.phase.animate.set_value(end), rate_func=linear, run_time=run_time)

    def show_runners(self):
        self.right = self.curve(lambda x, t: 0.5 * np.sin(x - t), 2.0, BLUE)
        self.left = self.curve(lambda x, t: 0.5 * np.sin(x + t), 1.0, GREEN)
        self.play(FadeIn(self.right), FadeIn(self.left), run_time=0.6)
        self.say("A wave that runs to the right, and its reflection to the left", 0)
        self.run(1, 3)

    def add_them(self):
        self.total = self.curve(lambda x, t: np.sin(x) * np.cos(t), -0.6, YELLOW, 6)
        ends = [Dot([side * WIDTH / 2, -0.6, 0], radius=0.1, color=WHITE) for side in (-1, 1)]
        self.say("Their sum runs nowhere: it only swings up and down", 0)
        self.play(FadeIn(self.total), *map(FadeIn, ends), run_time=0.6)
        self.run(1.5, 4)

    def mark_nodes(self):
        """Dots where the string rests, and the outline between them."""
        places = np.arange(HARMONIC + 1) / HARMONIC
        nodes = VGroup(
            *(Dot([WIDTH * (p - 0.5), -0.6, 0], radius=0.12, color=RED) for p in places)
        ).set_z_index(3)
        self.play(FadeIn(nodes, lag_ratio=0.2), run_time=0.8)
        inner = HARMONIC - 1
        within = "no node" if not inner else "1 node" if inner == 1 else f"{inner} nodes"
        self.say(f"Red: the nodes never move; {within} between the two ends", 0)
        self.run(1, 2.6)

    def compute(self):
        for moving in (self.right, self.left, self.total):
            moving.clear_updaters()
        ruler = Line([-WIDTH / 2, -1.65, 0], [WIDTH / 2, -1.65, 0], color=GREY_B, stroke_width=3)
        marks = VGroup(ruler)
        for value in ticks(0, LENGTH, 6):
            at = np.array([WIDTH * (value / LENGTH - 0.5), -1.65, 0])
            marks.add(Line(at + 0.08 * UP, at + 0.08 * DOWN, color=GREY_B, stroke_width=2))
            marks.add(label(number(value, 3), 22, GREY_B).next_to(at, DOWN, buff=0.15))
        marks.add(label("m", 24, GREY_B).next_to(ruler, RIGHT, buff=0.2))
        self.play(FadeIn(marks), run_time=0.6)
        wavelength = 2 * LENGTH / HARMONIC
        frequency = HARMONIC * SPEED / (2 * LENGTH)
        words = (
            f"λ = 2 · {number(LENGTH, 4)} m / {HARMONIC} {approx(wavelength, 3)} m",
            f"f = {HARMONIC} · {number(SPEED)} m/s / (2 · {number(LENGTH, 4)} m)"
            f" {approx(frequency, 1)} Hz",
        )
        self.say("Between fixed ends fits a whole number of half waves", 0)
        for text, x in zip(words, (-4.1, 3.0), strict=True):
            self.play(
                FadeIn(label(text, 27, YELLOW, 5.6 if x < 0 else 7.4).move_to([x, -2.55, 0])),
                run_time=0.6,
            )
        self.wait(1)
        lowest = SPEED / (2 * LENGTH)
        self.say(f"All its tones are multiples of the lowest, {number(lowest, 1)} Hz", 2.4)
