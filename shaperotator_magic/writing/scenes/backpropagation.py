"""Backpropagation in a small network: forward the values, backward the slopes.

One input passes two neurons, h = σ(w₁ x) and p = σ(w₂ h); the loss is L = ½ (p − y)². Backward,
each step multiplies the slope of L by its own slope: that is the chain rule. The slope at a weight
is the slope behind it times what flowed in. A step against the slopes makes the loss smaller.
Numbers are rounded to three digits, and used as rounded. Source: Rumelhart, Hinton and Williams,
Learning representations by back-propagating errors, 1986.

Parameters
----------
INPUT : number in [-3, 3]
    The input x.
WEIGHTS : vector of 2 numbers, entries in [-3, 3]
    The weights w₁ and w₂.
TARGET : number in [0, 1]
    The wanted output y.
LEARNING_RATE : number in [0.1, 10]
    How far the weights are moved against their slopes.

Example prompts
---------------
- How does backpropagation work?
- backpropagation with weights 0.5 and -1 and target 1
- How do gradients flow backward through a network?
- Show the backward pass of a neural network, with learning rate 2

Keywords
--------
backpropagation, backprop, back propagation, backward pass, gradient of the loss, gradients flow
backward, error signal, computational graph, training a
network, weight update, partial derivative of the loss, automatic differentiation, reverse mode

Subjects
--------
error travels backwards, error backwards through a net, gradients backward,
backpropagation, backprop, backward pass, gradients in a neural network, computing the gradient of
the loss, weight update, reverse mode differentiation

Not
---
through time, BPTT, batch normalisation, convolutional, recurrent, transformer: another network
forward pass: only the values and no slopes
gradient descent on a surface: no level sets are drawn
convolutional network: two plain neurons only
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    LEFT,
    RED,
    RIGHT,
    UP,
    YELLOW,
    FadeIn,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    label,
    link,
    node,
    number,
)

INPUT = 1
WEIGHTS = [0.5, -1]
TARGET = 1
LEARNING_RATE = 2

NAMES = ("x", "z₁", "h", "z₂", "p", "L")
Y = 0.7


def rounded(value):
    return round(float(value), 3) + 0.0


def sigmoid(z):
    return rounded(1 / (1 + np.exp(-z)))


def forward(weights):
    """The values from the input to the loss."""
    z1 = rounded(weights[0] * INPUT)
    h = sigmoid(z1)
    z2 = rounded(weights[1] * h)
    p = sigmoid(z2)
    return [rounded(INPUT), z1, h, z2, p, rounded(0.5 * (p - TARGET) ** 2)]


def local_slopes(values):
    """The slopes of the steps h ← z₁, z₂ ← h, p ← z₂ and L ← p."""
    _, _, h, _, p, _ = values
    return [rounded(h * (1 - h)), WEIGHTS[1], rounded(p * (1 - p)), rounded(p - TARGET)]


def show(value):
    return number(value, 3)


def bracket(value):
    return f"({show(value)})" if value < 0 else show(value)


class Backpropagation(CaptionedScene):
    def construct(self):
        self.begin("Backpropagation: two neurons and a loss")
        self.values = forward(WEIGHTS)
        self.show_network()
        self.go_forward()
        self.go_backward()
        self.find_slopes_of_weights()
        self.update()

    def show_network(self):
        self.places = [np.array([-5.75 + 2.3 * i, Y, 0]) for i in range(6)]
        colors = (GREEN, BLUE, BLUE, BLUE, BLUE, RED)
        nodes = [node(n, at, c, 0.42) for n, at, c in zip(NAMES, self.places, colors, strict=True)]
        steps = ("· w₁", "σ", "· w₂", "σ", "½ (p − y)²")
        links = VGroup()
        for start, end, words in zip(self.places, self.places[1:], steps, strict=False):
            line = link(start, end, GREY_B, 0.42)
            links.add(VGroup(line, label(words, 24, GREY_B, 1.35).next_to(line, UP, buff=0.1)))
        self.play(FadeIn(VGroup(*nodes)), FadeIn(links), run_time=1)
        given = (
            f"w₁ = {show(WEIGHTS[0])},  w₂ = {show(WEIGHTS[1])},  wanted output y = {show(TARGET)}"
        )
        self.given = label(given, 27, GREEN).move_to([0, 2.35, 0])
        self.play(FadeIn(self.given), run_time=0.5)
        self.say("σ squeezes any number between 0 and 1;  L measures the error", 0.8)

    def go_forward(self):
        self.say("Forward: compute the values from left to right", 0)
        for at, value in zip(self.places, self.values, strict=True):
            words = label(show(value), 27, BLUE).move_to(at + 0.75 * DOWN)
            self.play(FadeIn(words, shift=0.2 * RIGHT), run_time=0.4)
        self.wait(0.4)

    def go_backward(self):
        self.say("Backward: how fast does L change with each value?", 0)
        self.slopes, slope = {5: 1.0}, 1.0
        self.mark(5, "1")
        for step, local in zip((4, 3, 2, 1), reversed(local_slopes(self.values)), strict=True):
            before, slope = slope, rounded(slope * local)
            self.slopes[step] = slope
            if step == 4:
                self.say(f"dL/dp = p − y = {show(local)}", 0.3)
            else:
                product = f"{show(before)} · {bracket(local)}"
                sign = "=" if abs(before * local - slope) < 1e-9 else "≈"
                self.say(f"dL/d{NAMES[step]} = {product} {sign} {show(slope)}", 0.3)
            self.mark(step, show(slope))

    def mark(self, step, words):
        row = label(words, 27, YELLOW).move_to(self.places[step] + 1.25 * DOWN)
        self.play(FadeIn(row, shift=0.2 * LEFT), run_time=0.4)

    def find_slopes_of_weights(self):
        _, _, h, _, _, _ = self.values
        self.gradient = [rounded(self.slopes[1] * INPUT), rounded(self.slopes[3] * h)]
        parts = (("₁", 1, "x", INPUT), ("₂", 3, "h", h))
        self.say("A weight's slope: the slope behind it, times what flows in", 0)
        for (sub, step, name, value), slope, y in zip(
            parts, self.gradient, (-1.2, -1.7), strict=True
        ):
            exact = abs(self.slopes[step] * value - slope) < 1e-9
            numbers = f"{show(self.slopes[step])} · {bracket(value)} {'=' if exact else '≈'}"
            words = f"dL/dw{sub} = dL/dz{sub} · {name} = {numbers} {show(slope)}"
            row = label(words, 26, YELLOW).move_to([0, y, 0])
            self.play(FadeIn(row), run_time=0.6)
        self.wait(0.6)

    def update(self):
        moved = [
            rounded(w - LEARNING_RATE * g) for w, g in zip(WEIGHTS, self.gradient, strict=True)
        ]
        rows = [
            f"w{sub} ← {show(w)} − {show(LEARNING_RATE)} · {bracket(g)} ≈ {show(m)}"
            for sub, w, g, m in zip("₁₂", WEIGHTS, self.gradient, moved, strict=True)
        ]
        self.say("Move both weights against their slopes", 0)
        for words, y in zip(rows, (-2.2, -2.7), strict=True):
            self.play(FadeIn(label(words, 26, GREEN).move_to([0, y, 0])), run_time=0.5)
        before, after = self.values[-1], forward(moved)[-1]
        if after < before:
            self.say(f"The loss goes from {show(before)} down to {show(after)}", 2.4)
        elif after == before:
            self.say(f"The loss stays at {show(before)}: the slopes are too small to be seen", 2.4)
        else:
            self.say(
                f"The loss goes from {show(before)} up to {show(after)}: too large a step", 2.4
            )
