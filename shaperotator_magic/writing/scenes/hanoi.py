"""The towers of Hanoi, by recursion.

To move n disks, move n − 1 out of the way, move the largest, and move the n − 1 on top of it. So
n disks take 2ⁿ − 1 moves, and fewer cannot do. Source: Graham, Knuth and Patashnik, Concrete
Mathematics, section 1.1.

Parameters
----------
DISKS : integer in [2, 5]
    How many disks there are.

Example prompts
---------------
- Solve the towers of Hanoi
- tower of Hanoi with 4 disks
- Explain recursion with an example
- How many moves does the Hanoi puzzle need?

Keywords
--------
towers of Hanoi, tower of Hanoi, Hanoi, recursion, recursive, recursive function, disks, discs,
pegs, rods, divide and conquer, puzzle, number of moves, call itself, tower puzzle, recursive
solution

Subjects
--------
tower of Hanoi, towers of Hanoi, Hanoi, Hanoi puzzle, recursion, recursive function, recursive
algorithm, recursive solution, function calls itself, call itself, move the disks, disks on pegs,
disks between pegs, disks pegs

Not
---
Hanoi weather, flight to Hanoi, Hanoi Vietnam, capital, city of Hanoi, food in Hanoi: a city
recursive descent: parsing
tail recursion: compilers
recurrence relation: sequences
recursive neural network: learning
Eiffel tower: a building
recursion theorem: logic
Ackermann: a function
Fibonacci: numbers
master theorem: costs
mutual recursion: two functions
recursive least squares: a filter
fractal: a picture
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    GREY_D,
    PURPLE,
    RED,
    YELLOW,
    Create,
    FadeIn,
    Line,
    MoveAlongPath,
    RoundedRectangle,
    VGroup,
    VMobject,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
)

DISKS = 3

PEGS = [-4.4, 0.0, 4.4]
FLOOR = -2.3
THICK = 0.48
COLORS = [RED, YELLOW, GREEN, BLUE, PURPLE]


def moves_of(count, start, goal, spare):
    """Yield (from, to) for every move."""
    if count:
        yield from moves_of(count - 1, start, spare, goal)
        yield start, goal
        yield from moves_of(count - 1, spare, goal, start)


class Hanoi(CaptionedScene):
    def construct(self):
        self.begin(f"The towers of Hanoi with {DISKS} disks")
        self.build()
        self.say("Bring all disks to the right peg; never a larger one on a smaller", 1)
        self.moves = list(moves_of(DISKS, 0, 2, 1))
        self.pace = min(0.8, 10 / len(self.moves))
        self.counter = label("moves: 0", 30, GREY_B).move_to([0, 2.45, 0])
        self.play(FadeIn(self.counter), run_time=0.3)
        half = len(self.moves) // 2
        upper = f"the upper {DISKS - 1} disks" if DISKS > 2 else "the upper disk"
        self.say(f"First, in the same way, move {upper} to the middle", 0)
        self.carry_out(0, half)
        self.say("Now the largest can move, once", 0)
        self.carry_out(half, half + 1)
        self.say(f"Then, again in the same way, move {upper} on top", 0)
        self.carry_out(half + 1, len(self.moves))
        self.conclude()

    def build(self):
        ground = Line([-6.6, FLOOR, 0], [6.6, FLOOR, 0], color=GREY_B, stroke_width=5)
        pegs = VGroup(
            *(Line([x, FLOOR, 0], [x, 1.1, 0], color=GREY_D, stroke_width=8) for x in PEGS)
        )
        self.towers = [[], [], []]
        for k in range(DISKS):
            width = 3.6 - 2.4 * k / (DISKS - 1)
            disk = RoundedRectangle(corner_radius=0.15, width=width, height=THICK, stroke_width=0)
            disk.set_fill(COLORS[k], 1).set_z_index(2)
            self.towers[0].append(disk.move_to([PEGS[0], FLOOR + THICK * (k + 0.55), 0]))
        self.play(Create(ground), Create(pegs), run_time=0.8)
        self.play(FadeIn(*self.towers[0], lag_ratio=0.2, shift=0.3 * DOWN), run_time=0.8)

    def carry_out(self, first, last):
        for at in range(first, last):
            start, goal = self.moves[at]
            disk = self.towers[start].pop()
            self.towers[goal].append(disk)
            end = np.array([PEGS[goal], FLOOR + THICK * (len(self.towers[goal]) - 0.45), 0])
            corners = [disk.get_center(), [PEGS[start], 1.6, 0], [PEGS[goal], 1.6, 0], end]
            way = VMobject().set_points_as_corners([np.array(c, dtype=float) for c in corners])
            counter = label(f"moves: {at + 1}", 30, GREY_B).move_to(self.counter)
            self.remove(self.counter)
            self.add(counter)
            self.counter = counter
            self.play(MoveAlongPath(disk, way), run_time=self.pace)

    def conclude(self):
        count = len(self.moves)
        self.say(f"{DISKS} disks take 2 · {2 ** (DISKS - 1) - 1} + 1 = {count} moves", 1.4)
        self.say("Each further disk doubles them and adds one: n disks take 2ⁿ − 1", 2.2)
