"""Sine and cosine on the unit circle.

A point walks round a circle of radius 1. Its height, drawn against the angle, is the sine; its
distance to the right is the cosine. Source: Gelfand and Saul, Trigonometry, chapters 5 and 7.

Parameters
----------
ANGLE : number in [0, 360]
    The angle at which both are read off in the end, in degrees.

Example prompts
---------------
- How does the unit circle give the sine wave?
- unit circle, sine and cosine of 60 degrees
- Why do sine and cosine look like waves
- Show me trigonometry on a circle of radius one

Keywords
--------
unit circle, sine, cosine, sine wave, trigonometry, trigonometric functions, trig functions, radius,
angle, degrees, radians, wave, period, point on a circle, sine cosine, sine curve, cosine graph,
cosine wave, sine and cosine, polar angle, circular motion

Subjects
--------
unit circle, sine and cosine, sin and cos, sine and cosine on a circle, trigonometry on a circle,
sine wave from a circle, circle gives the sine wave, sine wave, sine curve, cosine curve, cosine
wave, sine from a circle, trigonometric functions, trig functions, circle of radius one, point on a
circle, sine of, cosine of, circle and sine, circular motion as a sine, sine, cosine, trigonometry

Not
---
inverse trig, inverse trigonometric, arcsine, arccosine: the way back
trig substitution: integrals
unit tangent, osculating: curves
law of sines, law of cosines, sine rule, cosine rule: any triangle
unit ball: norms
unit of measurement: physics
circle of fifths, circle of life: music
circular economy, unit cost: money
hyperbolic sine, inverse sine: another function
area of a circle, circumference, inscribed angle, Thales: geometry
cosine similarity, unit vector: vectors
Taylor: polynomials
trigonometric identities, addition theorem, addition formula, double angle: formulas
crop circle: farming
unit test: software
complex roots of unity, roots of unity: complex
integral: an area
derivative: a slope
trigonometric substitution: integrals
Arctic circle, polar circle: geography
limit: of a function
sine qua non: Latin
discrete cosine: images
spherical trigonometry: a sphere
Apollonius: circles
cosine annealing: training
standing wave: waves
unit cell: crystals
sine wave inverter: electronics
"""

import numpy as np
from manim import (
    DOWN,
    GREEN,
    GREY_B,
    GREY_D,
    LEFT,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    Circle,
    Create,
    Dot,
    FadeIn,
    Line,
    ValueTracker,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    axes_in,
    graph,
    label,
    marks_below,
    marks_left,
    number,
)

ANGLE = 60

CENTER = np.array([-4.6, -0.15, 0.0])
RADIUS = 1.75
TURN = 360.0


class UnitCircle(CaptionedScene):
    def construct(self):
        self.begin("Sine and cosine live on a circle")
        self.angle = ValueTracker(0)
        self.show_circle()
        self.say("A point walks round a circle of radius 1")
        self.trace(0, "Its height, drawn against the angle, is the sine")
        self.trace(1, "How far right it is, drawn against the angle, is the cosine")
        self.read_off()

    def on_circle(self, degrees):
        turn = np.radians(degrees)
        return CENTER + RADIUS * np.array([np.cos(turn), np.sin(turn), 0])

    def show_circle(self):
        circle = Circle(radius=RADIUS, color=GREY_B, stroke_width=3).move_to(CENTER)
        reach = 1.25 * RADIUS
        cross = VGroup(
            Line(CENTER + reach * LEFT, CENTER + reach * RIGHT, color=GREY_D, stroke_width=2),
            Line(CENTER + reach * DOWN, CENTER + reach * UP, color=GREY_D, stroke_width=2),
        )
        self.axes = axes_in((0, TURN), (-1.15, 1.15), (8.0, 2.3 * RADIUS), (2.5, CENTER[1]))
        degrees = (0, 90, 180, 270, 360)
        marks = marks_below(self.axes, degrees, [f"{d}°" for d in degrees], y=-1.25)
        heights = marks_left(self.axes, (-1, 0, 1))
        self.parts = self.build_parts()
        self.play(Create(circle), FadeIn(cross), run_time=0.9)
        self.play(FadeIn(self.axes, marks, heights), FadeIn(self.parts), run_time=0.7)

    def build_parts(self):
        """Radius, height, width and point; all follow the angle."""
        radius = Line(CENTER, CENTER + RIGHT, color=WHITE, stroke_width=4)
        height = Line(CENTER, CENTER + RIGHT, color=YELLOW, stroke_width=7)
        width = Line(CENTER, CENTER + RIGHT, color=GREEN, stroke_width=7)
        dot = Dot(radius=0.1, color=WHITE)

        def follow(_parts):
            tip = self.on_circle(self.angle.get_value())
            foot = np.array([tip[0], CENTER[1], 0])
            radius.set_points_as_corners([CENTER, tip])
            height.set_points_as_corners([foot, tip])
            width.set_points_as_corners([CENTER, foot])
            dot.move_to(tip)

        parts = VGroup(radius, width, height, dot)
        follow(parts)
        return parts.add_updater(follow)

    def trace(self, which, sentence):
        """Turn once, while the sine (0) or the cosine (1) draws itself."""
        self.say(sentence, 0)
        degrees = np.linspace(0, TURN, 181)
        function, color = ((np.sin, YELLOW), (np.cos, GREEN))[which]
        curve = graph(self.axes, degrees, function(np.radians(degrees)), color)
        name = label(("sine", "cosine")[which], 28, color)
        name.move_to([(0.55, 5.6)[which], 2.35, 0])
        self.angle.set_value(0)
        self.play(self.angle.animate.set_value(TURN), Create(curve), rate_func=linear, run_time=3.6)
        self.play(FadeIn(name), run_time=0.4)

    def read_off(self):
        self.angle.set_value(0)
        self.say(f"Stop at {number(ANGLE)}°", 0)
        line = Line(self.axes.c2p(ANGLE, -1.15), self.axes.c2p(ANGLE, 1.15), color=GREY_B)
        turn = np.radians(ANGLE)
        dots = VGroup(
            Dot(self.axes.c2p(ANGLE, np.sin(turn)), radius=0.1, color=YELLOW),
            Dot(self.axes.c2p(ANGLE, np.cos(turn)), radius=0.1, color=GREEN),
        )
        self.play(self.angle.animate.set_value(ANGLE), FadeIn(line, dots), run_time=1.2)
        sine, cosine = (number(f(turn), 3) for f in (np.sin, np.cos))
        self.say(f"sin {number(ANGLE)}° = {sine}  and  cos {number(ANGLE)}° = {cosine}", 1.6)
        self.say("The legs are sine and cosine, the radius is 1:  sin² + cos² = 1", 2)
