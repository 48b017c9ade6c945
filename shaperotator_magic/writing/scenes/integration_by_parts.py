"""Integration by parts as areas.

Along a curve let v go to the right and u upwards. The area between the curve and the v-axis is
∫ u dv, the area between the curve and the u-axis is ∫ v du. Together they are the large rectangle
u v at the end less the small one at the start: ∫ u dv = [u v] − ∫ v du. Source: Nelsen, Proofs
without Words, 1993.

Parameters
----------
INTEGRAND : one of: x e^x, x^2 e^x, ln x, arctan x, x cos x
    What is integrated.
START : number in [0, 3]
    The lower limit; without one 0, for ln x 1.
END : number in [0.5, 5]
    The upper limit.

Example prompts
---------------
- Why does integration by parts work?
- integration by parts of x e^x from 0 to 1
- Integrate ln x by parts from 1 to 3
- the formula ∫ u dv = uv − ∫ v du as areas

Keywords
--------
integration by parts, integrate by parts, partial integration, uv minus integral of v du, u dv,
integral of a product, integral of ln x, integral of x e^x, areas of
rectangles, antiderivative of a product, LIATE

Subjects
--------
integrate by parts, by parts,
integration by parts, partial integration, ∫ u dv = uv − ∫ v du, integral of a product, integral of
x e^x, integral of ln x, integral of arctan x

Not
---
substitution, partial fractions, trigonometric substitution, improper integral, double integral:
    another method
substitution: no variable is changed
Riemann sums: no rectangles are added up
partial fractions: nothing is taken apart
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    Polygon,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    chart_in,
    graph,
    number,
)

INTEGRAND = "x e^x"
START = None  # None begins at 0, for ln x at 1
END = 1

CENTER = (-2.9, 0.1)
SIZE = (6.6, 4.5)


def parts_of(name):
    """The functions u and v, their words, and those of dv and du."""
    return {
        "x e^x": (lambda x: x, np.exp, "x", "eˣ", "eˣ dx", "dx"),
        "x^2 e^x": (lambda x: x**2, np.exp, "x²", "eˣ", "eˣ dx", "2x dx"),
        "ln x": (np.log, lambda x: x, "ln x", "x", "dx", "dx / x"),
        "arctan x": (np.arctan, lambda x: x, "arctan x", "x", "dx", "dx / (1 + x²)"),
        "x cos x": (lambda x: x, np.sin, "x", "sin x", "cos x dx", "dx"),
    }[name]


def limits():
    """The limits in order, inside what the picture can show, and whether they were moved."""
    least = 1.0 if INTEGRAND == "ln x" else 0.0
    most = np.pi / 2 if INTEGRAND == "x cos x" else 9.0
    given = sorted((least if START is None else START, END))
    low, high = np.clip(given, least, most)
    if high - low < 0.1:
        low, high = (low, low + 0.5) if low + 0.5 <= most else (high - 0.5, high)
    return float(low), float(high), not np.allclose((low, high), given)


class IntegrationByParts(CaptionedScene):
    def construct(self):
        self.u, self.v, *self.words = parts_of(INTEGRAND)
        self.low, self.high, self.moved = limits()
        u_text, v_text, dv_text, du_text = self.words
        self.begin("Integration by parts: two areas make a rectangle")
        self.show_choice(u_text, v_text, dv_text, du_text)
        self.show_curve()
        self.fill()
        self.compute()

    def show_choice(self, u_text, v_text, dv_text, du_text):
        name = INTEGRAND.replace("e^x", "eˣ").replace("^2", "²")
        span = f"from {number(self.low)} to {number(self.high)}"
        self.write(f"∫ {name} dx  {span}", (1.6, 2.4), WHITE)
        self.write(f"u = {u_text},   dv = {dv_text}", (1.6, 1.8), YELLOW)
        self.write(f"v = {v_text},   du = {du_text}", (1.6, 1.25), YELLOW)
        if self.moved:
            self.say("The picture needs u and v to grow, so other limits are taken", 1)
        self.say("Split the integrand into u and dv", 0.5)

    def show_curve(self):
        xs = np.linspace(self.low, self.high, 120)
        self.us, self.vs = self.u(xs), self.v(xs)
        self.axes = chart_in(
            (0, 1.12 * self.vs[-1]), (0, 1.12 * self.us[-1]), SIZE, CENTER, ("v", "u")
        )
        self.play(FadeIn(self.axes), run_time=0.7)
        curve = graph(self.axes, self.vs, self.us, WHITE, 5).set_z_index(3)
        ends = [Dot(self.axes.c2p(self.vs[i], self.us[i]), radius=0.09) for i in (0, -1)]
        self.say("Draw v to the right and u upwards while x grows", 0)
        self.play(FadeIn(ends[0]), run_time=0.3)
        self.play(Create(curve), run_time=1.4)
        self.play(FadeIn(ends[1].set_z_index(3)), run_time=0.3)

    def region(self, corners, color):
        points = [self.axes.c2p(v, u) for v, u in corners]
        return Polygon(*points, stroke_width=0).set_fill(color, 0.5)

    def fill(self):
        curve = list(zip(self.vs, self.us, strict=True))
        (v1, u1), (v2, u2) = curve[0], curve[-1]
        below = self.region([(v1, 0), *curve, (v2, 0)], BLUE)
        beside = self.region([(0, u1), *curve, (0, u2)], GREEN)
        self.say("Below the curve: the area ∫ u dv, which is asked for", 0)
        self.play(FadeIn(below), run_time=0.8)
        self.wait(0.6)
        self.say("Beside the curve: the area ∫ v du", 0)
        self.play(FadeIn(beside), run_time=0.8)
        self.wait(0.6)
        self.say("Together: the large rectangle u v less the small one", 0)
        outline = [(0, 0), (v2, 0), (v2, u2), (0, u2)]
        frame = Polygon(*(self.axes.c2p(*c) for c in outline), color=YELLOW, stroke_width=4)
        self.play(Create(frame), run_time=0.9)
        if u1 * v1 > 1e-9:
            inner = [(0, 0), (v1, 0), (v1, u1), (0, u1)]
            small = Polygon(*(self.axes.c2p(*c) for c in inner), color=RED, stroke_width=4)
            self.play(Create(small), run_time=0.7)
        self.wait(0.5)

    def compute(self):
        """Areas by Simpson's rule, far finer than the digits shown."""
        xs = np.linspace(self.low, self.high, 2001)
        du, dv = np.diff(self.u(xs)), np.diff(self.v(xs))
        middle = (xs[1:] + xs[:-1]) / 2
        rest = round(float((self.v(middle) * du).sum()), 3)
        first = round(float(self.u(self.high) * self.v(self.high)), 3)
        last = round(float(self.u(self.low) * self.v(self.low)), 3)
        check = float((self.u(middle) * dv).sum())
        self.write("∫ u dv = [u v] − ∫ v du", (1.6, 0.3), WHITE)
        values = f"≈ ({number(first, 3)} − {number(last, 3)}) − {number(rest, 3)}"
        self.write(values, (1.6, -0.3), WHITE)
        self.write(f"= {number(first - last - rest, 3)}", (1.6, -0.85), YELLOW)
        self.say(f"Adding up u dv in 2000 small steps gives {number(check)} as well", 2.4)
