"""Softmax with a temperature: how it turns a list of logits into probabilities.

Every logit is divided by T before the exponential. A low temperature stretches the gaps between
the logits, so the largest takes nearly everything; a high one closes them, so the probabilities
become equal. The order never changes. Source: Hinton, Vinyals and Dean (2015), section 2.

Parameters
----------
LOGITS : list of 2 to 6 numbers in [-10, 10]
    The scores before softmax.
LOW_TEMPERATURE : number in [0.05, 0.95]
    The temperature that makes the answer sharper.
HIGH_TEMPERATURE : number in [1.05, 20]
    The temperature that makes the answer flatter.

Example prompts
---------------
- What does the temperature do in softmax?
- Show softmax of the logits [3, 1, 0.2, -1] at low and high temperature
- Why does a language model get more random when I turn the temperature up?
- softmax bar chart, temperature 0.3 versus 5
- How are logits turned into probabilities, and how can I make the distribution sharper or flatter

Keywords
--------
softmax, softmax temperature, sampling temperature, logits, probabilities, probability distribution,
sampling, language model, token, randomness, sharp, flat, uniform, argmax, exponential, Boltzmann,
normalise, classifier, scores, sharper, flatter, confident, creative, next token, LLM

Subjects
--------
softmax, softmax function, softmax temperature, softmax with temperature, sampling temperature,
temperature of a language model, temperature in softmax, temperature on token sampling, token
sampling, logits to probabilities, logits into probabilities, scores into probabilities, scores
become probabilities, logits, temperature of an LLM, temperature in LLMs, high temperature,
temperature of ChatGPT, sampling from a language model, next token, model more random

Not
---
classifier, MNIST, cross-entropy: training
softmax regression, logistic regression: a classifier
cross entropy: a loss
uniform distribution: another distribution
body temperature: medicine
temperature of the air: weather
simulated annealing: optimisation
attention: queries and keys
temperature scale, absolute temperature, ideal gas, Boltzmann distribution, high temperature
    superconductor: physics
temperature in the kitchen, room temperature: a room
global temperature: climate
beam search: keeps a few
gumbel: randomness
hierarchical softmax, tokenisation: words
sigmoid: one score
top-k, nucleus, top-p: cuts
colour temperature: light
access token: security
ring: networks
speculative: speed
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
    WHITE,
    YELLOW,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Rectangle,
    Scene,
    Text,
    ValueTracker,
    VGroup,
    Write,
)

from shaperotator_magic.writing.scenes._stage import replace_words

LOGITS = [2.0, 1.0, 0.5, -1.0]
LOW_TEMPERATURE = 0.25
HIGH_TEMPERATURE = 5.0

FLOOR = -1.75  # where the bars stand
FULL_HEIGHT = 4.0  # a bar of probability 1
COLORS = [BLUE, GREEN, YELLOW, RED, "#C08CF0", "#5CD0B3"]


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def softmax(logits, temperature):
    scaled = np.array(logits, dtype=float) / temperature
    powers = np.exp(scaled - scaled.max())  # subtracting the maximum changes nothing but overflow
    return powers / powers.sum()


def show_share(share):
    return "≈0" if share < 0.0005 else "≈1" if share > 0.9995 else f"{share:.3f}"


def build_formula():
    left = label("pᵢ  =", 30)
    top = label("exp( zᵢ / T )", 30)
    bottom = label("Σⱼ exp( zⱼ / T )", 30)
    bar = Line(LEFT, RIGHT, stroke_width=2.5).set(width=bottom.width + 0.2)
    fraction = VGroup(top, bar, bottom).arrange(DOWN, buff=0.16)
    return VGroup(left, fraction).arrange(RIGHT, buff=0.25)


class SoftmaxTemperature(Scene):
    def construct(self):
        self.caption = VGroup()
        self.temperature = ValueTracker(1.0)
        title = label("Softmax with temperature", 40).to_edge(UP, buff=0.35)
        self.play(Write(title), run_time=1)
        self.show_logits()
        self.show_softmax()
        self.change_temperature(LOW_TEMPERATURE, "Low temperature", self.describe_low())
        self.change_temperature(HIGH_TEMPERATURE, "High temperature", self.describe_high())
        self.say("The order of the bars never changes: only how decided the answer is")
        self.wait(2)

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.6)
        self.caption = new

    def show_logits(self):
        count = len(LOGITS)
        self.xs = -6.2 + (np.arange(count) + 0.5) * 8.2 / count
        self.bar_width = min(1.0, 8.2 / count * 0.66)
        ground = Line([-6.4, FLOOR, 0], [2.2, FLOOR, 0], color=GREY_B, stroke_width=2)
        scores = VGroup()
        for x, z, color in zip(self.xs, LOGITS, COLORS, strict=False):
            words = f"z = {z:g}" if count < 5 else f"{z:g}"
            scores.add(label(words.replace("-", "−"), 26, color).move_to([x, FLOOR - 0.4, 0]))
        self.play(Create(ground), FadeIn(scores, lag_ratio=0.2), run_time=1)
        self.say("The network's raw scores: the logits z")

    def show_softmax(self):
        formula = build_formula().move_to([4.6, 1.9, 0])
        self.play(FadeIn(formula), run_time=0.8)
        self.slider = self.build_slider()
        self.play(FadeIn(self.slider), run_time=0.6)
        self.bars = VGroup(*(self.build_bar(i) for i in range(len(LOGITS))))
        self.say("Exponentials make them positive, the sum makes them add up to 1")
        self.play(LaggedStart(*(FadeIn(b, shift=0.3 * UP) for b in self.bars), lag_ratio=0.2))
        self.values = self.build_values()
        self.play(FadeIn(self.values), run_time=0.5)
        self.wait(1)

    def build_bar(self, index):
        bar = Rectangle(width=self.bar_width, height=1, stroke_width=0)
        bar.set_fill(COLORS[index], opacity=0.9)

        def follow(bar):
            share = softmax(LOGITS, self.temperature.get_value())[index]
            bar.stretch_to_fit_height(max(FULL_HEIGHT * share, 0.02))
            bar.move_to([self.xs[index], FLOOR, 0], aligned_edge=DOWN)

        follow(bar)
        return bar.add_updater(follow)

    def build_values(self):
        shares = softmax(LOGITS, self.temperature.get_value())
        return VGroup(
            *(
                label(show_share(p), 26).next_to(b, UP, buff=0.12)
                for p, b in zip(shares, self.bars, strict=True)
            )
        )

    def build_slider(self):
        """A logarithmic scale of temperatures with a knob that follows the tracker."""
        line = Line([3.0, -0.6, 0], [6.4, -0.6, 0], color=GREY_B, stroke_width=4)

        def place(temperature):
            return line.point_from_proportion(np.log(temperature / 0.05) / np.log(20 / 0.05))

        knob = Dot(radius=0.13, color=YELLOW)
        knob.add_updater(lambda k: k.move_to(place(self.temperature.get_value())))
        knob.update()
        ends = [
            label(w, 24, GREY_B).next_to(line.get_end() if w == "hot" else line.get_start(), DOWN)
            for w in ("cold", "hot")
        ]
        self.reading = label("T = 1", 34, YELLOW).move_to([4.7, 0.05, 0])
        return VGroup(line, knob, *ends, self.reading)

    def change_temperature(self, temperature, name, sentence):
        reading = label(f"T = {temperature:g}", 34, YELLOW).move_to(self.reading)
        self.say(f"{name}: the logits are divided by {temperature:g}")
        self.play(FadeOut(self.values), FadeOut(self.reading), run_time=0.4)
        self.play(self.temperature.animate.set_value(temperature), FadeIn(reading), run_time=2)
        self.reading = reading
        self.values = self.build_values()
        self.play(FadeIn(self.values), run_time=0.5)
        self.say(sentence)
        self.wait(1)

    def describe_low(self):
        winners = LOGITS.count(max(LOGITS))
        if winners == len(LOGITS):
            return "Equal logits stay equal at every temperature"
        if winners > 1:
            return "The gaps grow: the largest logits share nearly everything"
        return "The gaps grow: as T → 0 the largest logit takes everything"

    def describe_high(self):
        return f"The gaps close: as T → ∞ every probability tends to 1/{len(LOGITS)}"
