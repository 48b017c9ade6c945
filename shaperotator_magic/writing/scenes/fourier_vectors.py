"""A Fourier series drawn by rotating vectors: square, sawtooth or triangle wave.

Each term of the series is the height of a vector of fixed length that turns at a whole multiple
of the base speed. Joined tip to tail, the heights add up, so the last tip traces the partial sum.
Near a jump the sum overshoots by about 9 % of the jump however many terms there are (Gibbs).
Source: Stein and Shakarchi, Fourier Analysis, chapters 1 and 2; Wilbraham (1848).

Parameters
----------
WAVE : one of: square, sawtooth, triangle
    The wave that the series approaches; its values lie between -1 and 1.
TERMS : integer in [1, 12]
    How many vectors are joined.

Example prompts
---------------
- Draw a square wave with rotating vectors
- How does a Fourier series work? Use 8 terms of a sawtooth wave
- approximating a triangle wave by a sum of sines, epicycles
- Why does the Fourier series of a square wave overshoot at the jump (Gibbs phenomenon)?
- Show circles on circles tracing a periodic function, 5 terms

Keywords
--------
Fourier series, Fourier, epicycles, rotating vectors, phasors, circles, square wave, sawtooth,
triangle wave, harmonics, sine, sum of sines, frequency, periodic, Gibbs, spectrum, signal, spinning
arrows, rotating circles, build a wave, harmonic analysis, overtone, decomposition, sum of waves,
harmonic, overtones, trigonometric series, frequencies, spectrum of a wave

Subjects
--------
Fourier series, Fourier, Fourier terms, Fourier decomposition, Fourier expansion, Fourier
approximation, epicycles, rotating vectors, circles on circles, spinning arrows, phasors, sum of
sines, sines add up, sum of sine waves, square wave, sawtooth wave, sawtooth, triangle wave, Gibbs
phenomenon, Gibbs, trigonometric series, harmonics of a wave, harmonic analysis, overtones, periodic
signal

Not
---
Fourier transform: of functions that are not periodic
FFT, fast Fourier: an algorithm
DFT, discrete Fourier, power spectrum: of samples
Fourier's law: heat
Laplace transform: another
wavelet: another transform
uncertainty principle: of transforms
heat equation: of a rod
harmonic series: of numbers
spherical harmonics: on a sphere
simple harmonic, harmonic oscillator: motion
Fourier optics: lenses
Fourier features: networks
short-time Fourier: of sound
harmonic mean: an average
Gibbs free energy: chemistry
Gibbs sampling: statistics
guitar string: standing waves
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREY_B,
    GREY_D,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    Scene,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import label, replace_words

WAVE = "square"
TERMS = 5

GRAPH_LEFT, GRAPH_WIDTH = 0.2, 6.1
CENTER = np.array([-3.6, -0.35, 0.0])
SERIES = {
    "square": "4/π · ( sin t + sin 3t / 3 + sin 5t / 5 + … )",
    "sawtooth": "2/π · ( sin t − sin 2t / 2 + sin 3t / 3 − … )",
    "triangle": "8/π² · ( sin t − sin 3t / 9 + sin 5t / 25 − … )",
}


def harmonics(count):
    """Return (frequency, coefficient) of the first ``count`` terms that are not zero."""
    if WAVE == "sawtooth":
        return [(k, 2 / np.pi * (-1) ** (k + 1) / k) for k in range(1, count + 1)]
    odd = range(1, 2 * count, 2)
    if WAVE == "square":
        return [(k, 4 / (np.pi * k)) for k in odd]
    return [(k, 8 / np.pi**2 * (-1) ** ((k - 1) // 2) / k**2) for k in odd]


def target(t):
    """The wave itself at t in [0, 2π]."""
    if WAVE == "square":
        return np.sign(np.pi - t)
    if WAVE == "sawtooth":
        return t / np.pi if t < np.pi else t / np.pi - 2
    return 2 / np.pi * np.arcsin(np.sin(t))


def joints(t, count):
    """Where the vectors begin and end at time t, as complex numbers."""
    steps = [b * np.exp(1j * k * t) for k, b in harmonics(count)]
    return np.concatenate([[0], np.cumsum(steps)])


class FourierVectors(Scene):
    def construct(self):
        self.caption = VGroup()
        self.clock = ValueTracker(0)
        reach = sum(abs(b) for _, b in harmonics(TERMS))
        self.unit = min(1.55, 2.9 / reach)
        title = label(f"A {WAVE} wave from rotating vectors", 40).to_edge(UP, buff=0.3)
        self.play(FadeIn(title), run_time=0.6)
        self.show_wave()
        self.trace(1, "One vector turns steadily: its height traces a sine", run_time=3.5)
        if TERMS > 1:
            self.trace(TERMS, f"Join {TERMS} vectors tip to tail: their heights add up", run_time=7)
        self.compare()
        self.wait(2)

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.5)
        self.caption = new

    def on_screen(self, z):
        return CENTER + self.unit * np.array([z.real, z.imag, 0])

    def on_graph(self, t, height):
        x = GRAPH_LEFT + GRAPH_WIDTH * t / (2 * np.pi)
        return np.array([x, CENTER[1] + self.unit * height, 0])

    def show_wave(self):
        axes = self.build_axes()
        samples = np.linspace(0, 2 * np.pi, 401)[:-1]
        corners = [self.on_graph(t, target(t)) for t in samples]
        self.wave = VMobject(color=GREY_B, stroke_width=3).set_points_as_corners(corners)
        series = label(f"f(t) = {SERIES[WAVE]}", 28).move_to([0, 2.55, 0])
        self.play(FadeIn(axes), Create(self.wave), run_time=1.2)
        self.say("Fourier: a periodic wave is a sum of sines")
        self.play(FadeIn(series), run_time=0.6)
        self.wait(1)

    def build_axes(self):
        """The axes of the graph, with numbers where the pointer does not pass: right and below."""
        end, low, high = 2 * np.pi, -1.35, 1.35
        lines = ((0, 0), (end, 0)), ((0, low), (0, high)), ((0, low), (end, low))
        axes = VGroup(*(Line(*(self.on_graph(*p) for p in ends)) for ends in lines))
        axes.set_stroke(GREY_D, 2)
        for height in (-1, 0, 1):
            name = label(str(height).replace("-", "−"), 22, GREY_B)
            axes.add(name.next_to(self.on_graph(end, height), RIGHT, buff=0.2))
        for t, words in ((0, "0"), (np.pi, "π"), (end, "2π")):
            axes.add(label(words, 22, GREY_B).next_to(self.on_graph(t, low), DOWN, buff=0.12))
        return axes

    def trace(self, count, sentence, run_time):
        """Let ``count`` vectors turn once, while the tip of the last draws its height."""
        arms = self.build_arms(count)
        times = np.linspace(0, 2 * np.pi, 601)
        heights = [joints(t, count)[-1].imag for t in times]
        corners = [self.on_graph(t, h) for t, h in zip(times, heights, strict=True)]
        curve = VMobject(color=YELLOW, stroke_width=4).set_points_as_corners(corners)
        pointer = self.build_pointer(count)
        self.say(sentence)
        self.play(FadeIn(arms), FadeIn(pointer), run_time=0.6)
        self.play(
            self.clock.animate.set_value(2 * np.pi),
            Create(curve),
            rate_func=linear,
            run_time=run_time,
        )
        if count < TERMS:
            self.play(FadeOut(arms), FadeOut(pointer), FadeOut(curve), run_time=0.6)
        self.clock.set_value(0)
        self.arms, self.pointer = arms, pointer

    def build_arms(self, count):
        """Circles, and one polyline for all the vectors; both follow the time."""
        circles = VMobject(stroke_width=2, stroke_opacity=0.8, color=BLUE)
        vectors = VMobject(stroke_width=4, color=WHITE)
        turn = np.exp(2j * np.pi * np.linspace(0, 1, 49))

        def follow(_arms):
            ends = joints(self.clock.get_value(), count)
            vectors.set_points_as_corners([self.on_screen(z) for z in ends])
            circles.clear_points()
            for (_, b), start in zip(harmonics(count), ends, strict=False):
                circles.start_new_path(self.on_screen(start + b * turn[0]))
                circles.add_points_as_corners([self.on_screen(start + b * w) for w in turn[1:]])

        arms = VGroup(circles, vectors)
        follow(arms)
        return arms.add_updater(follow)

    def build_pointer(self, count):
        """A line from the last tip across to the graph."""
        line = Line(CENTER, CENTER + RIGHT, color=YELLOW, stroke_width=2, stroke_opacity=0.7)
        dots = VGroup(Dot(radius=0.07, color=YELLOW), Dot(radius=0.07, color=YELLOW))

        def follow(_pointer):
            t = self.clock.get_value()
            tip = joints(t, count)[-1]
            ends = self.on_screen(tip), self.on_graph(t, tip.imag)
            line.set_points_as_corners(ends)
            dots[0].move_to(ends[0])
            dots[1].move_to(ends[1])

        pointer = VGroup(line, dots)
        follow(pointer)
        return pointer.add_updater(follow)

    def compare(self):
        self.arms.clear_updaters()
        self.pointer.clear_updaters()
        self.play(FadeOut(self.pointer), self.wave.animate.set_stroke(WHITE, 3), run_time=0.6)
        if WAVE == "triangle":
            self.say("No jump here: with n terms the error is at most about 0.2 / n")
        else:
            self.say("However many terms: near a jump an overshoot of about 9 % stays")
        self.wait(1)
