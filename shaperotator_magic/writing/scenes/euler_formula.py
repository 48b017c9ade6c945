"""Euler's formula: the exponential series of an imaginary number walks to the unit circle.

In the series of e to the iθ every term is the one before times iθ / k: a quarter turn, and longer
or shorter. Laid tip to tail the terms spiral in to the point of the unit circle at angle θ, whose
coordinates are cos θ and sin θ. Source: Needham, Visual Complex Analysis, section 1.2.2.

Parameters
----------
ANGLE : number in [0.3, 3.2]
    The angle θ in radians; π as it stands.

Example prompts
---------------
- Why is e^(i pi) = -1?
- Show Euler's formula e^(ix) = cos x + i sin x
- euler's identity as a spiral of terms
- What does an imaginary exponent mean? angle 2

Keywords
--------
Euler's formula, Euler's identity, Euler, e to the i pi, imaginary exponent, exponential series,
complex exponential, euler formula, spiral, power series, unit circle, imaginary power, radians, e
to the i theta, e to the i x, roots of unity, complex exponentials

Subjects
--------
Euler's formula, Euler formula, Euler's identity, Euler identity, e to the i pi, e to the i theta, e
to the i x, imaginary exponent, imaginary power, complex exponential, complex exponentials,
exponential of an imaginary number, exponential series of an imaginary number

Not
---
Euler's method: differential equations
Euler characteristic: polyhedra
Euler's totient: number theory
Euler line: triangles
Euler path, Euler circuit, Euler tour, Eulerian: graphs
Euler-Lagrange: mechanics
Euler angles: rotations
polyhedron formula: corners and edges
Euler's number: compound interest
Euler product: primes
Euler equations: fluids
Euler-Mascheroni: a constant
Euler diagram: sets
Euler buckling: beams
roots of unity: points on the circle
logarithmic spiral: a curve
"""

import numpy as np
from manim import (
    GREEN,
    GREY_B,
    GREY_D,
    RED,
    WHITE,
    YELLOW,
    Arc,
    Circle,
    Create,
    Dot,
    FadeIn,
    GrowFromPoint,
    Line,
    VGroup,
    VMobject,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    column,
    label,
    number,
)

ANGLE = 3.141592653589793

TERMS = 14
FRAME = (6.6, 4.9)  # the drawing's width and height
CENTER = np.array([-3.1, -0.1, 0.0])


class EulerFormula(CaptionedScene):
    def construct(self):
        self.theta = "π" if abs(ANGLE - np.pi) < 0.002 else number(ANGLE)
        steps = [1.0 + 0j]
        for k in range(1, TERMS):
            steps.append(steps[-1] * 1j * ANGLE / k)
        self.sums = np.concatenate([[0], np.cumsum(steps)])
        self.place()
        self.begin(f"Euler's formula:  exp(i · {self.theta})")
        self.show_circle()
        self.walk()
        self.compare()

    def place(self):
        """Choose unit and origin so that the circle and the whole walk fit."""
        points = np.concatenate([self.sums, [-1.1 - 1.1j, 1.1 + 1.1j]])
        low = complex(points.real.min(), points.imag.min())
        high = complex(points.real.max(), points.imag.max())
        span = high - low
        self.unit = min(FRAME[0] / span.real, FRAME[1] / span.imag)
        middle = (low + high) / 2
        self.origin = CENTER - self.unit * np.array([middle.real, middle.imag, 0])

    def at(self, z):
        return self.origin + self.unit * np.array([z.real, z.imag, 0])

    def show_circle(self):
        circle = Circle(radius=self.unit, color=GREY_B, stroke_width=3).move_to(self.origin)
        cross = VGroup(
            Line(self.at(-1.2), self.at(1.2), color=GREY_D, stroke_width=2),
            Line(self.at(-1.2j), self.at(1.2j), color=GREY_D, stroke_width=2),
        )
        self.play(Create(circle), FadeIn(cross), run_time=0.9)
        series = label("eˣ = 1 + x + x²/2! + x³/3! + x⁴/4! + …", 28, width=5.6)
        series.move_to([3.9, 2.3, 0])
        self.play(FadeIn(series), run_time=0.6)
        self.say(f"Put x = i·θ with θ = {self.theta}, and lay the terms tip to tail", 0.8)

    def walk(self):
        names = ["1", "iθ", "− θ²/2!", "− iθ³/3!", "θ⁴/4!", "iθ⁵/5!"]
        colors = [GREEN, YELLOW]
        self.rows = column(
            [
                label(f"+ {name}" if k and name[0] != "−" else name, 28, colors[k % 2])
                for k, name in enumerate(names)
            ],
            (1.9, 0.1),
            gap=0.24,
        )
        for k, row in enumerate(self.rows):
            step = arrow(self.at(self.sums[k]), self.at(self.sums[k + 1]), colors[k % 2], 5)
            grow = GrowFromPoint(step, self.at(self.sums[k]))
            self.play(grow, FadeIn(row), run_time=0.7)
            if k == 1:
                self.say("Times i is a quarter turn: every term turns left by 90°", 0.2)
        tail = VMobject(color=WHITE, stroke_width=4)
        tail.set_points_as_corners([self.at(z) for z in self.sums[len(names) :]])
        self.say("Dividing by 2, 3, 4, … makes the terms shrink: the walk comes to rest", 0.1)
        self.play(Create(tail), run_time=1)

    def compare(self):
        end = self.sums[-1]
        dot = Dot(self.at(end), radius=0.11, color=RED).set_z_index(3)
        arc = Arc(radius=self.unit, angle=ANGLE, arc_center=self.origin, color=RED, stroke_width=6)
        self.play(FadeIn(dot, scale=2), Create(arc), run_time=1.2)
        self.say(f"It rests on the circle, {self.theta} along the arc from 1", 1)
        sign = "−" if end.imag < -0.0005 else "+"
        value = f"{number(end.real, 3)} {sign} {number(abs(end.imag), 3)} i"
        result = column(
            [
                label("green: cos θ", 28, GREEN),
                label("yellow: i sin θ", 28, YELLOW),
                label(f"=  {value}", 30, RED),
            ],
            (5.0, 0.1),
            width=3.7,
        )
        self.play(FadeIn(result), run_time=0.7)
        tail = "  and  exp(iπ) = −1" if self.theta == "π" else ""
        self.say(f"exp(iθ) = cos θ + i sin θ{tail}", 2.4)
