"""Complex multiplication is rotation and scaling.

Multiplying by w carries 1 to w, and with it the whole plane: it turns by the angle of w and grows
by its length. So lengths multiply and angles add. Source: Needham, Visual Complex Analysis,
section 1.1.3.

Parameters
----------
Z : vector of 2 numbers, entries in [-3, 3]
    The number that is multiplied: its real and imaginary part.
W : vector of 2 numbers, entries in [-3, 3]
    The number to multiply by.

Example prompts
---------------
- Why is multiplying complex numbers a rotation?
- complex multiplication of z = (2, 1) and w = (1, 1) as rotation and scaling
- What does multiplication by i do in the complex plane
- product of two complex numbers: angles add, lengths multiply

Keywords
--------
complex multiplication, complex numbers, complex number, complex plane, imaginary, imaginary unit,
rotation and scaling, multiply by i, Argand, modulus, argument, polar form, angles add, lengths
multiply, real part, product of complex numbers, multiply complex, polar coordinates, rotate by 90
degrees

Subjects
--------
complex multiplication, multiplying complex numbers, multiply complex numbers, multiplication of
complex numbers, product of complex numbers, product in the complex plane, complex product,
multiplication by i, multiply by i, multiplying by i, multiplication in the complex plane, complex
numbers, complex number, imaginary numbers, imaginary unit, Argand diagram, polar form

Not
---
complex conjugate, complex conjugation: a reflection
complex analysis, analytic continuation: functions
complex roots: of equations
division of complex numbers, divide, divided, dividing, quotient: the inverse
Mandelbrot: an iteration
complex sentence: grammar
complexity: of algorithms
adding complex numbers, addition of complex numbers: a sum
complex eigenvalues: of a matrix
contour integral: an integral
square root of a complex number: a root
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    GREY_D,
    LEFT,
    RED,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Circle,
    Create,
    FadeIn,
    GrowFromPoint,
    Line,
    Polygon,
    ValueTracker,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    axis_numbers,
    column,
    label,
    number,
    product,
    ticks,
)

Z = [2, 0.5]
W = [0.5, 1]

CENTER = np.array([-2.9, -0.15, 0.0])
REACH = 2.65  # how far the drawing reaches from the centre


def show(z):
    """A complex number as people write it."""
    sign = "−" if z.imag < 0 else "+"
    factor = "" if abs(z.imag) == 1 else number(abs(z.imag))
    return f"{number(z.real)} {sign} {factor}i"


def degrees(z):
    return f"{np.degrees(np.angle(z)):.0f}°".replace("-", "−")


class ComplexMultiplication(CaptionedScene):
    def construct(self):
        self.z, self.w = complex(*Z), complex(*W)
        self.unit = REACH / max(1, abs(self.z), abs(self.w), abs(self.z * self.w))
        self.begin("Multiplying complex numbers: turn and scale")
        self.show_plane()
        self.show_numbers()
        self.multiply()
        self.explain()

    def at(self, z):
        return CENTER + self.unit * np.array([z.real, z.imag, 0])

    def show_plane(self):
        cross = VGroup(
            Line(CENTER + 3.3 * LEFT, CENTER + 3.3 * RIGHT, color=GREY_B, stroke_width=2),
            Line(CENTER + 2.6 * DOWN, CENTER + 2.75 * UP, color=GREY_B, stroke_width=2),
        )
        circles = VGroup(
            *(Circle(radius=self.unit * r, color=GREY_D, stroke_width=2).move_to(CENTER)
              for r in ticks(0, REACH / self.unit, REACH / 1.1)[1:])
        )  # fmt: skip
        reach = np.array([3.3, 2.6, 0])
        box = (CENTER - reach, CENTER + reach)
        numbers = axis_numbers(CENTER, self.unit, box, box[0], ("", "i"))
        self.play(Create(cross), FadeIn(circles, numbers), run_time=0.8)

    def show_numbers(self):
        z, w = self.z, self.w
        self.rows = column(
            [
                label(f"z = {show(z)}", 30, BLUE),
                label(f"length {number(abs(z))}, angle {degrees(z)}", 26, BLUE),
                label(f"w = {show(w)}", 30, YELLOW),
                label(f"length {number(abs(w))}, angle {degrees(w)}", 26, YELLOW),
            ],
            (4.1, 1.5),
        )
        self.triangle = self.build_triangle(1)
        one = arrow(CENTER, self.at(1), WHITE, 5)
        first = arrow(CENTER, self.at(z), BLUE)
        self.play(FadeIn(self.rows[:2]), GrowFromPoint(first, CENTER), run_time=0.8)
        self.say("z is an arrow; the white arrow is the number 1", 0.3)
        self.play(GrowFromPoint(one, CENTER), FadeIn(self.triangle), run_time=0.8)
        self.target = arrow(CENTER, self.at(w), YELLOW)
        self.play(FadeIn(self.rows[2:]), GrowFromPoint(self.target, CENTER), run_time=0.8)

    def build_triangle(self, factor):
        corners = [CENTER, self.at(factor), self.at(factor * self.z)]
        return Polygon(*corners, color=GREEN, stroke_width=3).set_fill(GREEN, opacity=0.25)

    def power(self, share):
        """A number on the way from 1 to w: turned and grown by a share of it."""
        if self.w == 0:
            return complex(1 - share)
        return abs(self.w) ** share * np.exp(1j * share * np.angle(self.w))

    def multiply(self):
        self.say("To multiply by w, carry 1 to w, and take the triangle along", 0.3)
        share = ValueTracker(0)
        copy = self.build_triangle(1).set_fill(opacity=0.5)
        copy.add_updater(lambda t: t.become(
            self.build_triangle(self.power(share.get_value())).set_fill(opacity=0.5)
        ))  # fmt: skip
        self.add(copy)
        self.play(share.animate.set_value(1), run_time=2.6)
        copy.clear_updaters()
        result = arrow(CENTER, self.at(self.z * self.w), RED, 7)
        product = self.z * self.w
        self.result = column(
            [
                label(f"z · w = {show(product)}", 32, RED),
                label(f"length {number(abs(product))}, angle {degrees(product)}", 26, RED),
            ],
            (4.1, -1.1),
        )
        self.result.align_to(self.rows, LEFT)
        self.play(GrowFromPoint(result, CENTER), FadeIn(self.result), run_time=0.9)

    def explain(self):
        z, w = self.z, self.w
        if z == 0 or w == 0:
            self.say("Zero times any number is zero: nothing is left of the arrow", 2.5)
            return
        digits, length = product((abs(z), abs(w)))
        lengths = f"{number(abs(z), digits)} · {number(abs(w), digits)} {length}"
        self.say(f"The lengths multiply: {lengths}", 1.4)
        angles = f"{degrees(z)} + {degrees(w)}".replace("+ −", "− ")
        full = abs(np.angle(z) + np.angle(w)) > np.pi + 1e-9
        turn = " (less or more a full turn)" if full else ""
        self.say(f"The angles add: {angles}{turn}", 2.2)
