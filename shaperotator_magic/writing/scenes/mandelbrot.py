"""The Mandelbrot set: the numbers c that stay bounded.

Begin with z = 0 and replace z by z² + c again and again. If |z| ever exceeds 2 it runs away; if it
never does, c belongs to the set. The colours outside say after how many steps |z| exceeds 2.
Source: Devaney, An Introduction to Chaotic Dynamical Systems, section 3.8.

Parameters
----------
C : vector of 2 numbers, entries in [-2, 2]
    The real and the imaginary part of the c whose orbit is drawn.
ITERATIONS : integer in [20, 200]
    How many steps are tried before a c counts as bounded.

Example prompts
---------------
- Show the Mandelbrot set
- How is the Mandelbrot set made? orbit of c = (-0.5, 0.5)
- Iterate z^2 + c: which points stay bounded?
- Mandelbrot fractal with 100 iterations

Keywords
--------
Mandelbrot set, Mandelbrot, fractal, z squared plus c, iterate, escape time, complex dynamics,
bounded orbit, Julia, apple man, self-similar, complex plane picture, colours of a fractal,
iteration of a complex function

Subjects
--------
Mandelbrot,
iterate z,
Mandelbrot set, Mandelbrot fractal, iteration of z² + c, orbit of a complex number, escape time

Not
---
Mandelbulb, biography, coastline, market: another subject
Julia set, Sierpinski, Koch, Newton fractal, dragon curve, Barnsley: another fractal
Julia set: c is varied, the start is 0
Sierpinski triangle: another fractal
Koch snowflake: another fractal
"""

import numpy as np
from manim import (
    GREEN,
    RED,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    ImageMobject,
    Line,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    chart_in,
    equals,
    number,
)

C = [-0.5, 0.5]
ITERATIONS = 60

X_RANGE, Y_RANGE = (-2.2, 0.8), (-1.25, 1.25)
SIZE = (6.0, 5.0)
CENTER = (-3.1, 0.15)
WIDE, HIGH = 360, 300


def escape_steps():
    """After how many steps |z| exceeds 2, for a grid of c; ITERATIONS where it does not."""
    xs = np.linspace(*X_RANGE, WIDE)
    ys = np.linspace(*Y_RANGE[::-1], HIGH)
    c = xs[None, :] + 1j * ys[:, None]
    z = np.zeros_like(c)
    steps = np.full(c.shape, ITERATIONS)
    with np.errstate(all="ignore"):
        for n in range(ITERATIONS):
            z = z * z + c
            gone = (abs(z) > 2) & (steps == ITERATIONS)
            steps[gone] = n
            z[abs(z) > 1e6] = 1e6
    return steps


def paint(steps):
    """Blue for a quick escape, over yellow, to black for none."""
    share = np.clip(np.sqrt(steps / min(ITERATIONS, 60)), 0, 1)
    stops = np.array([[0, 7, 60], [40, 110, 200], [240, 240, 190], [255, 150, 30]])
    place = share * 2.999
    low = place.astype(int)
    part = (place - low)[..., None]
    colors = stops[low] * (1 - part) + stops[np.minimum(low + 1, 3)] * part
    colors[steps == ITERATIONS] = 0
    alpha = np.full((*steps.shape, 1), 255)
    return np.concatenate([colors, alpha], axis=2).astype(np.uint8)


def complex_text(z):
    sign = "−" if z.imag < 0 else "+"
    return f"{number(z.real, 3)} {sign} {number(abs(z.imag), 3)}i"


class Mandelbrot(CaptionedScene):
    def construct(self):
        self.begin("The Mandelbrot set: z ← z² + c")
        self.c = complex(*C)
        self.find_orbit()
        self.show_plane()
        self.show_orbit()
        self.judge()
        self.show_set()

    def find_orbit(self):
        self.orbit = [0j]
        for _ in range(ITERATIONS):
            self.orbit.append(self.orbit[-1] ** 2 + self.c)
            if abs(self.orbit[-1]) > 2:
                break
        self.escapes = abs(self.orbit[-1]) > 2

    def show_plane(self):
        self.axes = chart_in(X_RANGE, Y_RANGE, SIZE, CENTER, ("Re", "Im"))
        self.play(FadeIn(self.axes), run_time=0.7)
        self.write(f"c = {complex_text(self.c)}", (0.9, 2.3), YELLOW)
        self.say("Begin with z = 0, and replace z by z² + c again and again", 0.4)

    def is_inside(self, z):
        return X_RANGE[0] < z.real < X_RANGE[1] and Y_RANGE[0] < z.imag < Y_RANGE[1]

    def show_orbit(self):
        """The first steps as numbers, and those inside the picture as points."""
        self.trail = VGroup()
        for n, z in enumerate(self.orbit[1:7], 1):
            self.write(f"z{'₁₂₃₄₅₆'[n - 1]} {equals([z.real, z.imag], 3)} {complex_text(z)}",
                       (0.9, 2.3 - 0.52 * n), WHITE)  # fmt: skip
            self.add_point(n, z)
        rest = VGroup()
        for n, z in enumerate(self.orbit[7:40], 7):
            rest.add(*self.link_to(n, z))
        if rest:
            self.play(FadeIn(rest, lag_ratio=0.2), run_time=1.4)
            self.trail.add(*rest)

    def link_to(self, n, z):
        before = self.orbit[n - 1]
        if not (self.is_inside(z) and self.is_inside(before)):
            return []
        ends = [self.axes.c2p(w.real, w.imag) for w in (before, z)]
        line = Line(*ends, color=GREEN, stroke_width=2)
        return [line, Dot(ends[1], radius=0.06, color=YELLOW)]

    def add_point(self, n, z):
        drawn = self.link_to(n, z)
        if drawn:
            self.play(Create(drawn[0]), FadeIn(drawn[1]), run_time=0.3)
            self.trail.add(*drawn)

    def judge(self):
        steps = len(self.orbit) - 1
        if self.escapes:
            self.write(f"|z| > 2 after {steps} steps" if steps > 1 else "|z| > 2 after 1 step",
                       (0.9, -1.5), RED)  # fmt: skip
            self.say("Beyond 2 it runs away: this c does not belong to the set", 1)
        else:
            self.write(f"|z| ≤ 2 for {ITERATIONS} steps", (0.9, -1.5), GREEN)
            self.say("It stays bounded as far as we look: this c counts as a member", 1)

    def show_set(self):
        """Every point of the plane is tried in the same way."""
        self.say("Try every c of the plane: black where z stays bounded", 0)
        picture = ImageMobject(paint(escape_steps()))
        picture.set(width=SIZE[0]).stretch_to_fit_height(SIZE[1])
        low, high = self.axes.c2p(X_RANGE[0], Y_RANGE[0]), self.axes.c2p(X_RANGE[1], Y_RANGE[1])
        picture.move_to((low + high) / 2)
        self.play(FadeOut(self.trail), FadeIn(picture), run_time=1.5)
        if self.is_inside(self.c):
            mark = Dot(self.axes.c2p(*C), radius=0.1, color=RED).set_z_index(3)
            self.play(FadeIn(mark, scale=3), run_time=0.6)
            self.write("red point: our c", (0.9, -2.1), RED)
        self.say("Colours: how soon |z| exceeds 2; the edge is rough at every scale", 2.6)
