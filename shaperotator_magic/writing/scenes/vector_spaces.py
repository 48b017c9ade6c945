"""Vector spaces that are not arrows: polynomials, functions, matrices, colors.

A vector space is any collection in which two things can be added and each be scaled without
leaving it. Polynomials add coefficient by coefficient, functions point by point, matrices entry by
entry, colored lights channel by channel. Source: Axler, Linear Algebra Done Right, chapter 1.

Parameters
----------
SCALAR : number in [-3, 3]
    The number by which things are scaled.

Example prompts
---------------
- What are some simple but nontrivial and intuitive examples of vector spaces
- Why are polynomials a vector space?
- examples of vectors that are not arrows
- How can functions and matrices be vectors
- abstract vector spaces: closed under addition and scalar multiplication

Keywords
--------
vector space, vector spaces, abstract vectors, not arrows, polynomials, polynomial space, function
space, functions, matrices as vectors, colors, RGB, axioms, closed, addition, scalar multiplication,
scale, linear space, examples of vector spaces, subspace

Subjects
--------
vector space, vector spaces, polynomials be vectors, polynomials vectors, functions be vectors, add
and scale, examples of vector spaces, abstract vector space, abstract vectors, abstract vector
spaces, polynomials as vectors, functions as vectors, functions as a vector space, function space,
polynomial space, polynomials a vector space, matrices as vectors, matrices be vectors, functions
and matrices be vectors, vectors that are not arrows, vectors not arrows, linear space, colors as
vectors, colours as vectors, vector space axioms, axioms of a vector space

Not
---
normed space: a norm
Hilbert space, Banach: completeness
dual space: functionals
metric space: distances
topological space: open sets
null space: a kernel
inner product space, orthogonal complement: angles
tangent space: manifolds
affine space: points
quotient space: classes
vector space model: documents
support vector: learning
vector field: arrows
vector graphics: pictures
outer space: astronomy
state space: control
phase space: motion
vector embedding, word vectors: words
vector database: software
sample space: probability
projective space, symplectic, hyperplane: geometry
basis: coordinates
dimension of a vector space: a number
module: rings
storage space: computers
Sobolev: functions
column space, eigenspace: matrices
disease vector: medicine
Kronecker: a product
direct sum: two spaces
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Arrow,
    Axes,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    GrowArrow,
    LaggedStart,
    Line,
    ManimColor,
    Scene,
    Square,
    Text,
    TransformFromCopy,
    VGroup,
    VMobject,
)

from shaperotator_magic.writing.scenes._stage import replace_words

SCALAR = 2


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−") if abs(value) > 0.004 else "0"


def polynomial(coefficients):
    """A polynomial as text, from its coefficients of 1, x, x²."""
    terms = []
    for c, power in zip(coefficients, ("", "x", "x²"), strict=True):
        if abs(c) < 1e-9:
            continue
        size = "" if abs(abs(c) - 1) < 1e-9 and power else number(abs(c))
        sign = "−" if c < 0 else "+"
        terms.append(f"{sign} {size}{power}" if terms else f"{sign if c < 0 else ''}{size}{power}")
    return " ".join(terms) or "0"


def matrix_block(rows, color):
    columns = VGroup(
        *(
            VGroup(*(label(number(row[i]), 34, color) for row in rows)).arrange(DOWN, buff=0.3)
            for i in range(2)
        )
    ).arrange(RIGHT, buff=0.5)
    height = columns.height / 2 + 0.15
    brackets = VGroup()
    for side in (LEFT, RIGHT):
        x = columns.get_edge_center(side)[0] + side[0] * 0.22
        upright = Line([x, -height, 0], [x, height, 0])
        hooks = [Line([x, y, 0], [x - side[0] * 0.13, y, 0]) for y in (-height, height)]
        brackets.add(VGroup(upright, *hooks).shift(columns.get_center()[1] * UP))
    return VGroup(columns, brackets)


class VectorSpaces(Scene):
    def construct(self):
        self.caption = VGroup()
        self.title = VGroup()
        self.head("What is a vector?")
        self.show_arrows()
        self.show_polynomials()
        self.show_functions()
        self.show_matrices()
        self.show_colors()
        self.conclude()

    def head(self, words):
        new = label(words, 40).to_edge(UP, buff=0.3)
        self.play(*replace_words(self.title, new, rise=0), run_time=0.5)
        self.title = new

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28)
        new.scale_to_fit_width(min(new.width, 13)).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def clear_stage(self, *shown):
        self.play(FadeOut(*shown), run_time=0.5)

    def show_arrows(self):
        start = np.array([-2.4, -1.2, 0])
        u, v = np.array([3.0, 0.6, 0]), np.array([0.9, 2.0, 0])
        style = {"buff": 0, "stroke_width": 7, "tip_length": 0.26}
        first = Arrow(start, start + u, color=BLUE, **style)
        second = Arrow(start + u, start + u + v, color=GREEN, **style)
        total = Arrow(start, start + u + v, color=YELLOW, **style)
        self.play(GrowArrow(first), GrowArrow(second), run_time=0.9)
        self.play(GrowArrow(total), run_time=0.8)
        self.say("Arrows can be added and scaled. That is all a vector has to do")
        self.wait(0.5)
        self.clear_stage(first, second, total)

    def show_polynomials(self):
        self.head("Polynomials")
        p, q = np.array([1.0, 2.0, 0.0]), np.array([3.0, -1.0, 1.0])
        rows = [
            (f"   {polynomial(p)}", p, BLUE),
            (f"+  {polynomial(q)}", q, GREEN),
            (f"=  {polynomial(p + q)}", p + q, YELLOW),
        ]
        texts = VGroup(*(label(words, 36, color) for words, _, color in rows))
        texts.arrange(DOWN, buff=0.5, aligned_edge=LEFT).move_to([-3.2, 0.4, 0])
        lists = VGroup()
        for text, (_, coefficients, color) in zip(texts, rows, strict=True):
            cells = VGroup(
                *(
                    VGroup(Square(0.85, color=GREY_B, stroke_width=2), label(number(c), 32, color))
                    for c in coefficients
                )
            ).arrange(RIGHT, buff=0.12)
            lists.add(cells.move_to([3.0, text.get_center()[1], 0]))
        names = VGroup(
            *(
                label(name, 32, GREY_B).next_to(cell, UP, buff=0.2)
                for name, cell in zip(("1", "x", "x²"), lists[0], strict=True)
            )
        )
        self.play(FadeIn(texts[:2]), run_time=0.6)
        self.play(FadeIn(names), LaggedStart(*map(FadeIn, lists[:2]), lag_ratio=0.3), run_time=0.8)
        self.say("They add coefficient by coefficient, just like lists of numbers")
        self.play(FadeIn(texts[2]), TransformFromCopy(lists[:2], lists[2]), run_time=1)
        self.wait(1)
        self.clear_stage(texts, lists, names)

    def show_functions(self):
        self.head("Functions")
        axes = Axes(
            x_range=[0, 2 * np.pi, 1],
            y_range=[-2, 2, 1],
            x_length=10,
            y_length=4.6,
            axis_config={"include_tip": False, "include_ticks": False, "color": GREY_B},
        ).move_to([0, -0.1, 0])

        def curve(f, color, width=5):
            xs = np.linspace(0, 2 * np.pi, 70)
            points = [axes.c2p(x, f(x)) for x in xs]
            return VMobject(color=color, stroke_width=width).set_points_smoothly(points)

        def f(x):
            return np.sin(x)

        def g(x):
            return 0.6 * np.cos(3 * x)

        def total(x):
            return f(x) + g(x)

        sticks = VGroup(
            *(
                Line(axes.c2p(x, f(x)), axes.c2p(x, total(x)), color=GREEN, stroke_width=3)
                for x in np.linspace(0.2, 6.1, 24)
            )
        )
        first, second, third = curve(f, BLUE), curve(g, GREEN, 3), curve(total, YELLOW, 6)
        self.play(Create(axes), run_time=0.5)
        self.play(Create(first), Create(second), run_time=1)
        self.say("They add point by point: the green height goes on top of the blue one")
        self.play(LaggedStart(*map(FadeIn, sticks), lag_ratio=0.05), run_time=1)
        self.play(Create(third), run_time=1.2)
        self.wait(0.5)
        self.clear_stage(axes, first, second, third, sticks)

    def show_matrices(self):
        self.head("Matrices")
        a = np.array([[1.0, 2.0], [0.0, -1.0]])
        block, result = matrix_block(a, BLUE), matrix_block(SCALAR * a, YELLOW)
        row = VGroup(label(f"{number(SCALAR)} ·", 40), block, label("=", 40), result)
        row.arrange(RIGHT, buff=0.4).move_to([0, 0.2, 0])
        self.play(FadeIn(row[0]), FadeIn(block), run_time=0.6)
        self.say(f"They scale entry by entry: here by {number(SCALAR)}")
        self.play(FadeIn(row[2]), TransformFromCopy(block, result), run_time=1.2)
        self.wait(0.5)
        self.clear_stage(row)

    def show_colors(self):
        self.head("Colors of light")
        lights = [(1.0, 0.2, 0.1), (0.0, 0.6, 0.2)]
        total = tuple(np.minimum(np.sum(lights, axis=0), 1))
        discs, words = VGroup(), VGroup()
        for color, x in zip((*lights, total), (-4.2, 0.0, 4.2), strict=True):
            disc = Circle(0.9, stroke_width=0).set_fill(ManimColor.from_rgb(color), opacity=1)
            discs.add(disc.move_to([x, 0.7, 0]))
            amounts = ", ".join(number(c) for c in color)
            words.add(label(f"({amounts})", 30).move_to([x, -0.75, 0]))
        names = label("red, green, blue", 26, GREY_B).move_to([0, -1.5, 0])
        signs = VGroup(
            label("+", 44).move_to([-2.1, 0.7, 0]), label("=", 44).move_to([2.1, 0.7, 0])
        )
        self.play(FadeIn(discs[:2]), FadeIn(signs[0]), FadeIn(words[:2]), FadeIn(names))
        self.say("Lights add channel by channel; allow any amounts, and they are vectors too")
        self.play(TransformFromCopy(discs[:2], discs[2]), FadeIn(signs[1], words[2]), run_time=1.2)
        self.wait(0.5)
        self.clear_stage(discs, words, names, signs)

    def conclude(self):
        self.head("One idea, many things")
        lines = VGroup(
            label("polynomials:  coefficient by coefficient", 32, BLUE),
            label("functions:  point by point", 32, GREEN),
            label("matrices:  entry by entry", 32, YELLOW),
            label("colors:  channel by channel", 32, "#FF9F5A"),
        ).arrange(DOWN, buff=0.45, aligned_edge=LEFT)
        self.play(LaggedStart(*(FadeIn(x, shift=0.2 * RIGHT) for x in lines), lag_ratio=0.3))
        self.say("Add them, scale them, and you never leave: that is a vector space")
        self.wait(2.5)
