"""A Markov chain with two states, and where it settles.

The next state depends only on the present one: row i of the transition matrix holds the chances
to go from state i to each state, so a row adds up to 1. The distribution is multiplied by the
matrix in every step, and comes ever closer to the stationary one, π = π P. Source: Norris, Markov
Chains, chapter 1.

Parameters
----------
MATRIX : 2x2 matrix, entries in [0, 1]
    The transition matrix. Where a row does not add up to 1, it is divided by its sum.
START : number in [0, 1]
    The chance to begin in state A.

Example prompts
---------------
- How does a Markov chain work?
- Markov chain with transition matrix [[0.9, 0.1], [0.5, 0.5]]
- Show the stationary distribution of a two state chain
- Where does a Markov process settle in the long run?

Keywords
--------
Markov chain, Markov process, transition matrix, transition probabilities, stationary distribution,
steady state, equilibrium distribution, states, memoryless, stochastic matrix, state diagram, long
run, two states

Subjects
--------
Markov process, two-state Markov,
Markov chain, two-state Markov chain, transition matrix, stationary distribution, steady state of a
Markov chain, stochastic matrix

Not
---
3x3, 4x4, 5x5, 2x3, 3x2: two rows and two columns only
Monte Carlo, MCMC, Metropolis, Gibbs sampling: draws samples
reward, policy: decisions
n-gram, text generator: language
hidden Markov model: the states are seen
Markov decision process: nothing is decided
random walk: two states only
Markov decision process, hidden Markov model, Markov inequality: states alone move
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    LEFT,
    ORANGE,
    RIGHT,
    UP,
    YELLOW,
    Arc,
    Create,
    CurvedArrow,
    FadeIn,
    Line,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    bars,
    chart_in,
    equals,
    label,
    matrix_block,
    node,
    number,
)

MATRIX = [[0.9, 0.1], [0.5, 0.5]]
START = 0

A_AT, B_AT = np.array([-5.0, 0.9, 0]), np.array([-1.6, 0.9, 0])
STEPS = 8


def normalise(matrix):
    """The matrix with rows that add up to 1; an empty row stays where it is."""
    rows = []
    for i, row in enumerate(np.array(matrix, dtype=float)):
        total = row.sum()
        rows.append(row / total if total > 0 else np.eye(2)[i])
    return np.array(rows)


class MarkovChain(CaptionedScene):
    def construct(self):
        self.begin("A Markov chain with two states")
        self.matrix = normalise(MATRIX)
        self.show_states()
        self.show_matrix()
        self.step_on()
        self.conclude()

    def show_states(self):
        stay_a, go_b = self.matrix[0]
        go_a, stay_b = self.matrix[1]
        nodes = [node("A", A_AT, BLUE, 0.5), node("B", B_AT, ORANGE, 0.5)]
        self.play(*map(FadeIn, nodes), run_time=0.6)
        self.say("The next state depends only on the present one", 0)
        moves = VGroup(
            self.bow(A_AT, B_AT, UP, go_b, BLUE), self.bow(B_AT, A_AT, DOWN, go_a, ORANGE)
        )
        loops = VGroup(self.loop(A_AT, LEFT, stay_a, BLUE), self.loop(B_AT, RIGHT, stay_b, ORANGE))
        self.play(FadeIn(moves), run_time=0.9)
        self.play(FadeIn(loops), run_time=0.9)

    def bow(self, start, end, side, chance, color):
        """A bent arrow from one state to the other, with its chance."""
        along = np.sign(end[0] - start[0])
        lift = 0.3 * side
        bent = CurvedArrow(
            start + 0.42 * along * RIGHT + lift,
            end - 0.42 * along * RIGHT + lift,
            angle=-1.0,
            color=color,
            tip_length=0.2,
        )
        words = label(number(chance, 3), 26, color).next_to(bent, side, buff=0.12)
        return VGroup(bent, words)

    def loop(self, at, side, chance, color):
        """A circle beside a state: the chance to stay."""
        ring = Arc(radius=0.36, start_angle=0.55, angle=2 * np.pi - 1.1, color=color)
        if side[0] > 0:
            ring.rotate(np.pi)
        ring.move_to(at + 0.78 * side)
        words = label(number(chance, 3), 26, color).next_to(ring, UP, buff=0.12)
        return VGroup(ring, words)

    def show_matrix(self):
        block = VGroup(label("P =", 28), matrix_block(self.matrix, 28, digits=3))
        block.arrange(RIGHT, buff=0.2).move_to([-3.3, -1.35, 0])
        self.play(FadeIn(block), run_time=0.6)
        if np.allclose(self.matrix, MATRIX):
            self.say("Row A: the chances from A to A and from A to B; together 1", 0.8)
        else:
            self.say("Chances add up to 1: each row was divided by its sum", 1)

    def step_on(self):
        """Bars of the chance of A, one for each step."""
        shares = [np.array([START, 1 - START])]
        for _ in range(STEPS):
            shares.append(shares[-1] @ self.matrix)
        self.shares = np.array(shares)
        axes = chart_in(
            (-0.6, STEPS + 0.6), (0, 1), (5.2, 4.0), (3.3, 0.1), ("step", "chance of A")
        )
        self.play(FadeIn(axes), run_time=0.7)
        columns = bars(axes, range(STEPS + 1), self.shares[:, 0], 0.7, BLUE)
        self.say(f"At the start the chance of A is {number(START, 3)}", 0)
        self.play(FadeIn(columns[0]), run_time=0.5)
        after = number(self.shares[1][0], 3)
        first = f"{number(START, 3)} · {number(self.matrix[0][0], 3)}"
        second = f"{number(1 - START, 3)} · {number(self.matrix[1][0], 3)}"
        self.say(f"One step later: {first} + {second} {equals([self.shares[1][0]], 3)} {after}", 0)
        self.play(FadeIn(columns[1], shift=0.2 * RIGHT), run_time=0.7)
        self.wait(1)
        self.say("And so on, step by step", 0)
        self.play(FadeIn(columns[2:], lag_ratio=0.6), run_time=2.4)
        self.axes = axes

    def conclude(self):
        go_b, go_a = self.matrix[0][1], self.matrix[1][0]
        if go_a + go_b < 1e-9:
            self.say("No state is ever left: it stays as it began", 2.4)
            return
        if go_a + go_b > 2 - 1e-9:
            self.say("It swaps the states in every step, and never settles", 2.4)
            return
        share = go_a / (go_a + go_b)
        line = Line(self.axes.c2p(-0.6, share), self.axes.c2p(STEPS + 0.6, share), color=YELLOW)
        self.play(Create(line), run_time=0.7)
        pair = f"({number(share, 3)}, {number(1 - share, 3)})"
        result = label(f"π {equals([share], 3)} {pair}", 30, YELLOW).move_to([-3.3, -2.35, 0])
        self.play(FadeIn(result), run_time=0.6)
        self.say("It settles at the stationary distribution, π = π P", 1)
        self.say("The start is forgotten: every start leads there", 2)
