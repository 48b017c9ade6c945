"""A planet's orbit: Kepler's three laws.

The orbit is an ellipse with the sun in one focus. The line from the sun sweeps equal areas in equal
times, so the planet is fastest when nearest. And T² = a³, with the period T in years and the half
long axis a in astronomical units, for every planet of our sun. Source: Taylor, Classical Mechanics,
chapter 8.

Parameters
----------
ECCENTRICITY : number in [0, 0.8]
    How far the ellipse is from a circle.
AXIS : number in [0.3, 40]
    The half long axis, in astronomical units (1 is the earth's).

Example prompts
---------------
- Show the orbit of a planet around the sun
- Kepler's laws with eccentricity 0.6
- Why is a planet faster when it is near the sun?
- orbital period of a planet with a semi-major axis of 5.2 AU

Keywords
--------
planetary orbit, planet, orbit, Kepler, Kepler's laws, ellipse with the sun in a focus, equal areas,
second law, third law, eccentricity, semi-major axis, perihelion, aphelion, orbital period,
gravitation, comet, astronomical unit

Subjects
--------
orbit, Halley, Mars orbit, orbit of the earth, orbit of a comet, Kepler orbit, Kepler ellipse,
T squared equals a cubed, squared cubed for planets,
planetary orbit, orbit of a planet, Kepler's laws, Kepler's second law, Kepler's third law,
elliptical orbit, equal areas in equal times, orbital period

Not
---
orbit-stabiliser, group orbit, periodic orbit, homoclinic, comet assay: another kind
geostationary, satellite, spacecraft, transfer orbit, Lagrange point: a spacecraft
orbital, electron, eye socket: no planet
three-body, n-body, precession, general relativity: more than two bodies
three body problem: one planet only
moon phases: no light is shown
rocket launch: nothing is driven
general relativity, planetary gear, Bohr orbit: no planet of Newton's
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    ORANGE,
    RED,
    RIGHT,
    WHITE,
    YELLOW,
    Create,
    Dot,
    Ellipse,
    FadeIn,
    Polygon,
    UpdateFromAlphaFunc,
    ValueTracker,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    approx,
    number,
)

ECCENTRICITY = 0.5
AXIS = 1

CENTER = np.array([-3.0, 0.0, 0])
HALF = 3.3


class PlanetaryOrbit(CaptionedScene):
    def construct(self):
        self.begin("The orbit of a planet: Kepler's three laws")
        self.b = np.sqrt(1 - ECCENTRICITY**2)
        self.half = min(HALF, 2.55 / self.b)
        self.sun = CENTER + self.half * ECCENTRICITY * RIGHT
        self.show_ellipse()
        self.move_once()
        self.sweep()
        self.third_law()

    def at(self, time):
        """The place after a share of the period, by Kepler's equation M = E − e sin E."""
        mean = 2 * np.pi * (time % 1.0)
        angle = mean if ECCENTRICITY < 0.5 else np.pi
        for _ in range(12):
            error = angle - ECCENTRICITY * np.sin(angle) - mean
            angle -= error / (1 - ECCENTRICITY * np.cos(angle))
        return CENTER + self.half * np.array([np.cos(angle), self.b * np.sin(angle), 0])

    def show_ellipse(self):
        self.orbit = Ellipse(2 * self.half, 2 * self.half * self.b, color=GREY_B, stroke_width=3)
        self.orbit.move_to(CENTER)
        star = Dot(self.sun, radius=0.2, color=YELLOW).set_z_index(3)
        self.play(Create(self.orbit), run_time=1)
        self.play(FadeIn(star, scale=2), run_time=0.5)
        shape = "a circle with the sun in its middle"
        if ECCENTRICITY > 0:
            shape = "an ellipse with the sun in one focus"
        self.say(f"First law: the orbit is {shape}", 0.3)
        near, far = AXIS * (1 - ECCENTRICITY), AXIS * (1 + ECCENTRICITY)
        self.write(f"eccentricity e = {number(ECCENTRICITY)}", (1.4, 2.2), WHITE, 5.4)
        self.write(f"half axis a = {number(AXIS)} AU", (1.4, 1.65), WHITE, 5.4)
        self.write(f"from {number(near)} to {number(far)} AU away", (1.4, 1.1), WHITE, 5.4)

    def move_once(self):
        self.elapsed = ValueTracker(0)
        planet = Dot(self.at(0), radius=0.13, color=BLUE).set_z_index(4)
        planet.add_updater(lambda m: m.move_to(self.at(self.elapsed.get_value())))
        self.add(planet)
        fast = "It is fastest when nearest to the sun"
        self.say(fast if ECCENTRICITY > 0 else "On a circle its speed is always the same", 0)
        self.play(self.elapsed.animate.set_value(1), rate_func=linear, run_time=4.5)
        planet.clear_updaters()
        self.planet = planet

    def sector(self, start):
        """The area that the line to the sun sweeps in a twelfth of the period."""
        points = [self.at(t) for t in np.linspace(start, start + 1 / 12, 30)]
        area = Polygon(self.sun, *points, stroke_width=2)
        return area

    def sweep(self):
        self.say("Second law: in equal times the line to the sun sweeps equal areas", 0)
        for start, color in ((0.0, GREEN), (0.29, ORANGE), (0.5 - 1 / 24, RED)):
            area = self.sector(start).set_color(color).set_fill(color, 0.5)
            self.planet.move_to(self.at(start))
            shift = UpdateFromAlphaFunc(
                self.planet, lambda m, a, s=start: m.move_to(self.at(s + a / 12))
            )
            self.play(FadeIn(area), shift, rate_func=linear, run_time=1.1)
        area = np.pi * self.b * AXIS**2 / 12
        self.write(f"each area ≈ {number(area, 3)} AU²", (1.4, 0.4), GREEN, 5.4)
        self.wait(0.4)

    def third_law(self):
        period = AXIS**1.5
        self.say("Third law: T² = a³, with T in years and a in AU", 0)
        years = "year" if number(period) == "1" else "years"
        self.write(f"T = √({number(AXIS)}³) {approx(period)} {years}", (1.4, -0.3), YELLOW, 5.4)
        others = ((0.387, "Mercury"), (5.203, "Jupiter"))
        for (axis, name), y in zip(others, (-1.0, -1.55), strict=True):
            words = f"{name}: {number(axis, 3)} AU, {number(axis**1.5)} years"
            self.write(words, (1.4, y), GREY_B, 5.4)
        self.say("The farther out, the slower: the same law for every planet", 2.4)
