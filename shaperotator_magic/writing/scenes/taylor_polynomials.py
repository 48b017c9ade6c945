"""Taylor polynomials around 0: better and better imitations of a function.

The polynomial of degree n has the function's value and its first n derivatives at 0. Near 0 it
fits ever better; for some functions everywhere, for others only within a radius. Source: Spivak,
Calculus, chapter 20.

Parameters
----------
FUNCTION : one of: sin, cos, exp, ln(1+x), 1/(1-x), sqrt(1+x), arctan
    The function that is imitated.
DEGREE : integer in [1, 15]
    Degree of the last polynomial.

Example prompts
---------------
- Show the Taylor polynomials of sin(x) up to degree 9
- How does a Taylor series approximate a function?
- Maclaurin series of cos x, degree 6
- Why does the Taylor series of ln(1+x) only converge near zero?
- approximate e^x by polynomials

Keywords
--------
Taylor polynomial, Taylor series, Maclaurin, power series, approximation, approximate by
polynomials, degree, radius of convergence, expansion, derivatives at zero, remainder, order,
polynomial approximation, series expansion, Maclaurin series

Subjects
--------
Taylor polynomial, Taylor polynomials, Taylor series, Taylor expansion, Taylor approximation,
Taylor, Maclaurin, Maclaurin series, Maclaurin polynomial, power series, power series expansion,
approximate by polynomials, approximation by polynomials, polynomial approximation, polynomials of
growing degree, series expansion, radius of convergence

Not
---
Taylor Swift: music
interpolation, Lagrange polynomial, interpolate: through points
Chebyshev, Bernstein, Legendre, Hermite: another approximation
Padé: fractions
Laurent, complex analysis: complex
multivariable Taylor, two variables: two variables
least squares: a fit
Weierstrass: a theorem
Taylor's theorem remainder proof: a proof
spline: pieces
characteristic polynomial: matrices
polynomial division: algebra
Fourier series: waves
Taylor rule: money
polynomial regression: data
generating function: combinatorics
Stirling: factorials
Bézier: curves
Taylor Frederick, Taylorism: history
Taylor-Couette: fluids
binomial series: any power
asymptotic: large x
Taylor rows: gardens
Euler-Maclaurin: sums
zeros of a polynomial: roots
"""

import math

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREY_B,
    LEFT,
    RED,
    UP,
    YELLOW,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    FadeOut,
    Scene,
    VGroup,
    VMobject,
    Write,
)

from shaperotator_magic.writing.scenes._stage import (
    chart_in,
    label,
    replace_words,
)

FUNCTION = "sin"
DEGREE = 7

# name: shown, function, coefficient of x^n, radius of convergence, left and right end, height
FUNCTIONS = {
    "sin": ("sin x", np.sin, lambda n: (0, 1, 0, -1)[n % 4] / math.factorial(n), None, 7, 2.2),
    "cos": ("cos x", np.cos, lambda n: (1, 0, -1, 0)[n % 4] / math.factorial(n), None, 7, 2.2),
    "exp": ("eˣ", np.exp, lambda n: 1 / math.factorial(n), None, 3.2, 9),
    "ln(1+x)": ("ln(1 + x)", np.log1p, lambda n: (-1) ** (n + 1) / n if n else 0, 1, 2.4, 2.4),
    "1/(1-x)": ("1/(1 − x)", lambda x: 1 / (1 - x), lambda n: 1, 1, 2.0, 6),
    "sqrt(1+x)": ("√(1 + x)", lambda x: np.sqrt(1 + x), None, 1, 2.8, 2.6),
    "arctan": (
        "arctan x", np.arctan, lambda n: (0, 1, 0, -1)[n % 4] / max(n, 1), 1, 3.2, 2.2,
    ),
}  # fmt: skip


def root_coefficient(n):
    """Newton's binomial series: the coefficient of x^n in (1 + x)^(1/2)."""
    product = 1.0
    for k in range(n):
        product *= (0.5 - k) / (k + 1)
    return product


class TaylorPolynomials(Scene):
    def construct(self):
        self.text, self.f, coefficient, self.radius, self.reach, self.top = FUNCTIONS[FUNCTION]
        coefficient = coefficient or root_coefficient
        self.coefficients = [float(coefficient(n)) for n in range(DEGREE + 1)]
        self.caption = VGroup()
        title = label(f"Taylor polynomials of {self.text} around 0", 40).to_edge(UP, buff=0.3)
        self.play(Write(title), run_time=1)
        self.show_function()
        self.show_polynomials()
        self.conclude()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def build_curve(self, function, color, width):
        """The graph, in pieces, as far as it is inside the drawing."""
        xs = np.linspace(-self.reach, self.reach, 600)
        with np.errstate(all="ignore"):
            ys = np.asarray(function(xs), dtype=float)
        is_inside = np.isfinite(ys) & (np.abs(ys) <= self.top)
        pieces = VGroup()
        for run in np.split(np.arange(600), np.flatnonzero(np.diff(is_inside.astype(int))) + 1):
            if is_inside[run[0]] and len(run) > 4:
                points = [self.axes.c2p(xs[i], ys[i]) for i in [*run[::4], run[-1]]]
                pieces.add(VMobject(color=color, stroke_width=width).set_points_smoothly(points))
        return pieces

    def polynomial(self, degree):
        return lambda xs: sum(c * xs**n for n, c in enumerate(self.coefficients[: degree + 1]))

    def show_function(self):
        span = (-self.reach, self.reach)
        self.axes = chart_in(span, (-self.top, self.top), (9.0, 4.6), (-1.9, 0.15))
        self.play(FadeIn(self.axes), run_time=0.8)
        self.play(Create(self.build_curve(self.f, BLUE, 6)), run_time=1.2)
        point = Dot(self.axes.c2p(0, float(self.f(np.array([0.0]))[0])), color=YELLOW, radius=0.09)
        self.play(FadeIn(point.set_z_index(4), scale=2), run_time=0.5)
        self.say("At 0 the polynomial copies the value, the slope, the bend, and so on")
        self.wait(0.5)

    def show_polynomials(self):
        degrees = [n for n in range(DEGREE + 1) if abs(self.coefficients[n]) > 0 and n > 0]
        degrees = self.thin_out(degrees)
        old = VGroup()
        rows = VGroup()
        for degree in degrees:
            curve = self.build_curve(self.polynomial(degree), YELLOW, 4).set_z_index(2)
            row = label(f"degree {degree}", 28, YELLOW)
            row.move_to([4.2, 2.3 - 0.55 * len(rows), 0], aligned_edge=LEFT)
            rows.add(row)
            dim = [r.animate.set_color(GREY_B) for r in rows[:-1]]
            self.play(FadeOut(old), FadeIn(curve), FadeIn(row), *dim, run_time=1)
            self.wait(0.3)
            old = curve
        self.rows = rows

    @staticmethod
    def thin_out(degrees):
        """At most six of the degrees, the first and the last among them."""
        if len(degrees) <= 6:
            return degrees
        places = np.linspace(0, len(degrees) - 1, 6).round().astype(int)
        return [degrees[i] for i in places]

    def conclude(self):
        if self.radius is None:
            self.say(
                f"The higher the degree, the farther it fits {self.text}: in the end everywhere"
            )
            self.wait(2.5)
            return
        marks = VGroup(
            *(
                DashedLine(self.axes.c2p(x, -self.top), self.axes.c2p(x, self.top), color=RED)
                for x in (-self.radius, self.radius)
            )
        )
        self.play(Create(marks), run_time=0.8)
        self.say(
            "Beyond 1 and −1 a higher degree makes it worse: the series converges only between"
        )
        self.wait(2.5)
