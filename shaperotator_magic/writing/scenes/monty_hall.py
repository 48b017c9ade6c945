"""The three doors problem, to stay or to switch.

This is the Monty Hall problem: a prize is behind one of n doors. You choose one; the host, who
knows, opens all others but one, and never the one with the prize. Your door had the prize with
chance 1/n, and still has; so the other closed door has it with chance (n − 1)/n. Source: Selvin, A
problem in probability, The American Statistician, 1975.

Parameters
----------
DOORS : integer in [3, 8]
    The number of doors.
GAMES : integer in [20, 5000]
    How many games are simulated.
SEED : integer in [0, 9999]
    Which random games.

Example prompts
---------------
- Explain the Monty Hall problem
- Monty Hall with 1000 simulated games
- Should I switch doors in the game show?
- the three doors puzzle with a goat behind two of them

Keywords
--------
three doors, three doors problem, goat, car behind a door, switch doors, stay or switch,
game show, host opens a door, let's make a deal, probability puzzle, two thirds, conditional
probability puzzle

Subjects
--------
Monty Hall problem, Monty Hall, three doors problem, switching doors, goats and a car

Not
---
Monte Carlo, Monty Python, town hall, three prisoners: no doors
Bayes' theorem in general: one puzzle only
birthday problem: another puzzle
"""

import numpy as np
from manim import (
    BLUE,
    GREEN,
    GREY_B,
    RIGHT,
    YELLOW,
    Create,
    DashedLine,
    FadeIn,
    FadeOut,
    VGroup,
    linear,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    cell,
    chart_in,
    graph,
    label,
)

DOORS = 3
GAMES = 300
SEED = 7

Y = 0.9


class MontyHall(CaptionedScene):
    def construct(self):
        self.begin(f"The Monty Hall problem with {DOORS} doors")
        self.choice, self.prize = 0, DOORS - 1
        self.show_doors()
        self.host_opens()
        self.move_chance()
        self.simulate()

    def show_doors(self):
        gap = min(2.4, 12.4 / DOORS)
        self.xs = [gap * (i - (DOORS - 1) / 2) for i in range(DOORS)]
        wide = 0.7 * gap
        self.doors, self.chances = VGroup(), VGroup()
        for i, x in enumerate(self.xs):
            self.doors.add(cell(str(i + 1), (x, Y), (wide, 2.0), BLUE))
            self.chances.add(label(f"1/{DOORS}", 28, GREY_B).move_to([x, Y - 1.4, 0]))
        self.play(FadeIn(self.doors, lag_ratio=0.2), run_time=0.8)
        self.say("Behind one door is a car, behind the others are goats", 0)
        self.play(FadeIn(self.chances, lag_ratio=0.1), run_time=0.6)
        self.say("You choose door 1", 0)
        self.play(self.doors[0].animate.set_color(YELLOW), run_time=0.6)

    def host_opens(self):
        opened = [i for i in range(DOORS) if i not in (self.choice, self.prize)]
        doors = "a door" if len(opened) == 1 else f"{len(opened)} doors"
        self.say(f"The host knows where the car is, and opens {doors} with a goat", 0)
        goats = VGroup()
        for i in opened:
            goats.add(
                label("goat", 26, GREY_B, 0.9 * self.doors[i].width).move_to([self.xs[i], Y, 0])
            )
        gone = (self.doors[i][1] for i in opened)
        self.play(*(FadeOut(name) for name in gone), run_time=0.4)
        frames = (self.doors[i][0].animate.set_fill(opacity=0).set_stroke(GREY_B) for i in opened)
        self.play(*frames, FadeIn(goats), run_time=0.8)
        self.opened = opened

    def move_chance(self):
        """What the opened doors had goes to the one that is left."""
        self.say(
            f"Your door keeps its chance of 1/{DOORS}: the host always finds goats elsewhere", 0.8
        )
        moved = (FadeOut(self.chances[i], shift=0.3 * RIGHT) for i in self.opened)
        new = label(f"{DOORS - 1}/{DOORS}", 34, GREEN).move_to(self.chances[self.prize])
        self.say("So the other closed door has all the rest", 0)
        self.play(*moved, FadeOut(self.chances[self.prize]), run_time=0.5)
        self.play(FadeIn(new, scale=1.5), self.doors[self.prize].animate.set_color(GREEN))
        self.wait(0.6)
        self.share = new

    def simulate(self):
        """The share of wins of both players, game after game."""
        random = np.random.default_rng(SEED)
        wins_by_staying = random.integers(DOORS, size=GAMES) == random.integers(DOORS, size=GAMES)
        self.wipe()
        games = np.arange(1, GAMES + 1)
        stay = wins_by_staying.cumsum() / games
        axes = chart_in((0, GAMES), (0, 1), (8.2, 4.2), (-1.9, 0.15), ("games", "share of wins"))
        self.play(FadeIn(axes), run_time=0.6)
        self.say(f"Play {GAMES} games by chance: one player stays, one switches", 0)
        chosen = np.unique(np.linspace(0, GAMES - 1, 300).astype(int))
        curves = VGroup(
            graph(axes, games[chosen], 1 - stay[chosen], GREEN, 4),
            graph(axes, games[chosen], stay[chosen], YELLOW, 4),
        )
        ideals = VGroup()
        for share in (1 / DOORS, 1 - 1 / DOORS):
            ideals.add(DashedLine(axes.c2p(0, share), axes.c2p(GAMES, share), color=GREY_B))
        self.play(Create(curves), rate_func=linear, run_time=3)
        self.play(FadeIn(ideals), run_time=0.5)
        won = int(wins_by_staying.sum())
        rows = (("switching wins", GAMES - won, GREEN, 1.6), ("staying wins", won, YELLOW, -0.2))
        for words, count, color, y in rows:
            self.write(words, (4.0, y), color, 2.9)
            self.write(f"{count} of {GAMES}", (4.0, y - 0.5), color, 2.9)
        self.say(f"Switching wins in about {DOORS - 1} of {DOORS} games", 2.4)
