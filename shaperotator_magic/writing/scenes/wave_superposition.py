"""Superposition of two waves: interference and beats.

Where two waves meet, their heights add at every place. In step they strengthen each other, out of
step they cancel; with nearly equal frequencies the sum swells and fades, with the difference of the
frequencies: beats. Source: Crawford, Waves, Berkeley Physics Course volume 3, chapter 1.

Parameters
----------
FREQUENCY_1 : number in [1, 12]
    Waves of the first kind in the drawing.
FREQUENCY_2 : number in [1, 12]
    Waves of the second kind in the drawing.
PHASE : number in [0, 360]
    How far the second wave is ahead, in degrees.

Example prompts
---------------
- What happens when two waves meet?
- superposition of waves with frequencies 8 and 9
- beats of two nearly equal tones
- destructive interference, phase 180

Keywords
--------
superposition, superposition of waves, interference, constructive interference, destructive
interference, beats, beat frequency, two waves, sum of two waves, adding waves, cancel out, phase
shift, in phase, out of phase, noise cancelling, sound waves, standing wave, tones, tuning forks,
amplitudes add, interfering waves

Subjects
--------
add waves, add two waves, overlay two waves, mix two tones, adding two waves,
superposition, superposition of waves, superposition of two waves, wave superposition, interference,
interference of waves, interference of two waves, wave interference, constructive interference,
destructive interference, beats of two waves, two beats, acoustic beats, beat frequency, beats of
two tones, two waves meet, two waves, waves meet, sum of two waves, adding waves, waves cancel,
noise cancelling, two tones, tuning forks, out of phase, waves in phase, phase shift of two waves,
waves add up

Not
---
standing wave, standing waves: a fixed pattern
double slit, diffraction, polarisation, thin film: light
quantum superposition: states
Doppler: moving sources
shock wave: one wave
electromagnetic wave, light wave: fields
wave equation: an equation
gravitational waves: space
heart beat, heart beating, brain waves: medicine
beats per minute, drum beat: music
wave function, wave-particle, Schrödinger, qubit: quantum
wavelet: a transform
interferometer: an instrument
radio interference: devices
superposition of forces: mechanics
superposition principle in circuits: electricity
water wave refraction: refraction
sound barrier: aircraft
seismic wave, tsunami: earth
heat wave: weather
Moiré: patterns
RNA: biology
election: politics
dispersion, wave packet, group velocity: a packet
square wave: Fourier
three waves: more than two
solitons: other equations
waves of immigration: history
tidal: oceans
beat them: sport
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_D,
    RED,
    UP,
    YELLOW,
    Create,
    FadeIn,
    FadeOut,
    Line,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
    number,
)

FREQUENCY_1 = 8
FREQUENCY_2 = 10
PHASE = 0

LEFT_END, WIDTH = -4.6, 11.2
SAMPLES = 601


class WaveSuperposition(CaptionedScene):
    def construct(self):
        self.xs = np.linspace(0, 1, SAMPLES)
        turn = 2 * np.pi * self.xs
        self.first = np.sin(FREQUENCY_1 * turn)
        self.second = np.sin(FREQUENCY_2 * turn + np.radians(PHASE))
        self.begin("Two waves meet: their heights add")
        self.show_waves()
        self.add_up()
        self.explain()

    def wave(self, heights, y, size, color):
        points = [
            np.array([LEFT_END + WIDTH * x, y + size * h, 0])
            for x, h in zip(self.xs, heights, strict=True)
        ]
        return VMobject(color=color, stroke_width=4).set_points_as_corners(points)

    def line(self, y):
        ends = [[LEFT_END, y, 0], [LEFT_END + WIDTH, y, 0]]
        return Line(*ends, color=GREY_D, stroke_width=2)

    def show_waves(self):
        self.rows = []
        heights = ((self.first, 2.15, BLUE, FREQUENCY_1), (self.second, 0.75, GREEN, FREQUENCY_2))
        for at, (values, y, color, frequency) in enumerate(heights):
            curve = self.wave(values, y, 0.5, color)
            name = label(f"{number(frequency)} waves", 26, color, width=1.8)
            name.move_to([-5.85, y, 0])
            self.play(FadeIn(self.line(y), name), Create(curve), run_time=1.3)
            self.rows.append(curve)
            if at == 0:
                self.say("A wave", 0.2)
        shift = f", {number(PHASE)}° ahead" if PHASE % 360 else ""
        self.say(f"A second wave{shift}", 0.5)

    def add_up(self):
        y, size = -1.4, 0.5
        total = self.first + self.second
        name = label("sum", 26, YELLOW).move_to([-5.85, y, 0])
        self.play(FadeIn(self.line(y), name), run_time=0.5)
        self.say("At every place the two heights are added", 0)
        places = np.linspace(0.04, 0.96, 24)
        rods = VGroup()
        for x in places:
            heights = [np.interp(x, self.xs, values) for values in (self.first, self.second)]
            foot = np.array([LEFT_END + WIDTH * x, y, 0])
            joint = foot + size * heights[0] * UP
            rods.add(
                Line(foot, joint, color=BLUE, stroke_width=4),
                Line(joint, joint + size * heights[1] * UP, color=GREEN, stroke_width=4),
            )
        self.play(FadeIn(rods, lag_ratio=0.05), run_time=1.6)
        self.total = self.wave(total, y, size, YELLOW)
        self.play(Create(self.total), run_time=2.4, rate_func=linear)
        self.play(FadeOut(rods), run_time=0.4)
        self.y, self.size = y, size

    def explain(self):
        difference = abs(FREQUENCY_1 - FREQUENCY_2)
        if difference == 0:
            self.explain_equal()
        elif difference <= 0.4 * max(FREQUENCY_1, FREQUENCY_2):
            self.show_beats(difference)
        else:
            self.say("In step they strengthen each other, out of step they weaken", 1.5)
            self.say("The sum looks complicated, and yet holds only these two", 2.2)

    def show_beats(self, difference):
        half = np.pi * (FREQUENCY_1 - FREQUENCY_2) * self.xs - np.radians(PHASE) / 2
        hull = 2 * np.cos(half)
        curves = [self.wave(sign * hull, self.y, self.size, RED) for sign in (1, -1)]
        self.play(*(Create(c.set_stroke(width=3)) for c in curves), run_time=1.4)
        self.say("In step they swell, out of step they fade: beats", 1.3)
        high, low = max(FREQUENCY_1, FREQUENCY_2), min(FREQUENCY_1, FREQUENCY_2)
        sum_up = f"{number(high)} − {number(low)} = {number(difference)}"
        self.say(f"As often as the frequencies differ: {sum_up}", 2.2)

    def explain_equal(self):
        size = abs(2 * np.cos(np.radians(PHASE) / 2))
        if size < 0.05:
            self.say("Out of step by half a wave: they cancel each other entirely", 2)
        elif size > 1.95:
            self.say("In step they strengthen each other: the sum is twice as high", 2)
        else:
            self.say(f"The same wave again, {number(size)} times as high", 2)
        self.say("In step: constructive interference. Half a wave apart: destructive", 2.2)
