"""Projectile motion: a throw without air.

Sideways the speed never changes; upwards gravity takes 9.81 m/s away each second. Together that is
a parabola. The range is v² sin 2θ / g: the same for θ and 90° − θ, and greatest at 45°. Source:
Taylor, Classical Mechanics, section 2.

Parameters
----------
SPEED : number in [1, 100]
    The speed at the start, in metres per second.
ANGLE : number in [10, 85]
    The angle above the ground, in degrees.

Example prompts
---------------
- Show projectile motion
- trajectory of a ball thrown at 20 m/s and 60 degrees
- Why does 45 degrees give the longest throw?
- parabola of a cannonball with horizontal and vertical velocity

Keywords
--------
projectile motion, projectile, trajectory, throw, thrown, cannon, cannonball, launch, launch angle,
parabolic path, range of a throw, ballistic, horizontal and vertical velocity, kinematics, free
fall, maximum distance, launched, initial velocity

Subjects
--------
cannon fires, angle of elevation, fired at, fires a shell, ball is hit,
projectile motion, projectile, projectiles, trajectory of a ball, trajectory of a throw, trajectory,
ball thrown, thrown ball, throw a ball, throwing a ball, kick a ball, throw, longest throw, oblique
throw, cannonball, cannon ball, cannon, launch angle, path of a ball, stone thrown, parabolic path,
parabola of a throw, range of a throw, ballistic, ball is thrown, ball launched, javelin, shot put,
water jet, horizontal and vertical velocity

Not
---
air resistance, with drag, air drag, with friction, air friction, terminal velocity: drag
free fall: straight down
orbit, planetary, escape velocity, satellite: a planet
rocket: thrust
bouncing, collision: impacts
projectile weapons, cannon fodder: history
career trajectory: people
throw an exception, throw error: programs
parabola y: a graph
relative velocity: two bodies
Magnus: spin
bullet train: transport
projectile vomiting: medicine
circular motion: a circle
Coriolis: a turning frame
uniform acceleration: a straight line
trajectory of a planet: an orbit
phase space: systems
missile defence: war
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    RED,
    RIGHT,
    UP,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    Line,
    ValueTracker,
    VGroup,
    VMobject,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    arrow,
    label,
    number,
)

SPEED = 20
ANGLE = 60

GRAVITY = 9.81
START = np.array([-5.9, -1.85, 0.0])
ROOM = (11.8, 3.75)  # width and height of the drawing


class Projectile(CaptionedScene):
    def construct(self):
        self.begin(f"A throw at {number(SPEED)} m/s and {number(ANGLE)}°")
        self.reach = SPEED**2 / GRAVITY  # the range at 45°
        top = max(self.height(ANGLE), self.height(45), self.height(90 - ANGLE))
        self.unit = min(ROOM[0] / self.reach, ROOM[1] / top)
        self.show_ground()
        self.throw()
        self.show_facts()
        self.compare()

    @staticmethod
    def velocity(angle):
        turn = np.radians(angle)
        return SPEED * np.array([np.cos(turn), np.sin(turn)])

    def flight(self, angle):
        return 2 * self.velocity(angle)[1] / GRAVITY

    def height(self, angle):
        return self.velocity(angle)[1] ** 2 / (2 * GRAVITY)

    def range_of(self, angle):
        return self.velocity(angle)[0] * self.flight(angle)

    def at(self, angle, time):
        x, y = self.velocity(angle) * time - np.array([0, GRAVITY * time**2 / 2])
        return START + self.unit * np.array([x, y, 0])

    def path(self, angle, color, width=4):
        times = np.linspace(0, self.flight(angle), 80)
        line = VMobject(color=color, stroke_width=width)
        return line.set_points_as_corners([self.at(angle, t) for t in times])

    def show_ground(self):
        ground = Line([-6.6, START[1], 0], [6.6, START[1], 0], color=GREY_B, stroke_width=3)
        self.play(Create(ground), run_time=0.5)
        sideways, upwards = self.velocity(ANGLE)
        parts = f"{number(sideways, 1)} m/s sideways and {number(upwards, 1)} m/s upwards"
        self.say(f"The start: {parts}", 0.8)

    def throw(self):
        time = ValueTracker(0)
        ball = Dot(START, radius=0.12, color=YELLOW).set_z_index(3)
        arrows = VGroup(VMobject(), VMobject())
        size = 1.1 / SPEED

        def follow(arrows):
            t = time.get_value()
            here = self.at(ANGLE, t)
            sideways, upwards = self.velocity(ANGLE)[0], self.velocity(ANGLE)[1] - GRAVITY * t
            arrows[0].become(arrow(here, here + size * sideways * RIGHT, GREEN, 5))
            arrows[1].become(arrow(here, here + size * upwards * UP, RED, 5))

        ball.add_updater(lambda b: b.move_to(self.at(ANGLE, time.get_value())))
        follow(arrows)
        arrows.add_updater(follow)
        self.add(ball)
        self.play(FadeIn(arrows), run_time=0.4)
        self.say("Green stays the same; gravity changes only red", 0)
        self.add(arrows)
        end = time.animate.set_value(self.flight(ANGLE))
        path = self.path(ANGLE, YELLOW)
        self.play(end, Create(path), rate_func=linear, run_time=4)
        ball.clear_updaters()
        arrows.clear_updaters()
        self.play(FadeOut(arrows), run_time=0.3)

    def show_facts(self):
        facts = [
            f"range {number(self.range_of(ANGLE), 1)} m",
            f"height {number(self.height(ANGLE), 1)} m",
            f"time {number(self.flight(ANGLE), 1)} s",
        ]
        row = label("      ".join(facts), 28, YELLOW).move_to([0, 2.5, 0])
        self.play(FadeIn(row), run_time=0.6)
        self.say("The path is a parabola; at its top the upward speed is zero", 1)

    def compare(self):
        other = 90 - ANGLE
        if abs(other - ANGLE) > 1:
            twin = self.path(other, BLUE)
            self.play(Create(twin), run_time=1)
            self.say(f"Blue: {number(other)}° comes down at the very same place", 1)
            best = self.path(45, RED)
            self.play(Create(best), run_time=1)
            self.say(f"Red: 45° goes farthest, {number(self.reach, 1)} m", 2.2)
        else:
            flat, steep = self.path(30, BLUE), self.path(60, BLUE)
            self.play(Create(flat), Create(steep), run_time=1.2)
            self.say("Blue: flatter and steeper throws fall short; none goes farther", 2.4)
