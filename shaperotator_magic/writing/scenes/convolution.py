"""Discrete convolution: a flipped kernel slides along a list of numbers.

The value y[n] is the sum of x[k]·h[n − k] over k. Seen from the signal x, the kernel h runs
backwards, hence the flip; at each place the numbers that lie over each other are multiplied and
added. A signal of length p and a kernel of length q give p + q − 1 values. Deep learning libraries
leave out the flip, which is called cross-correlation. Source: Oppenheim and Schafer, chapter 2.

Parameters
----------
SIGNAL : list of 3 to 8 numbers in [-9, 9]
    The list x that the kernel slides along.
KERNEL : list of 2 to 4 numbers in [-9, 9]
    The list h, before it is flipped.

Example prompts
---------------
- Show a 1D convolution of [1, 2, 3, 4] with the kernel [1, 0, -1]
- How does discrete convolution work, step by step, with a sliding kernel?
- why is the kernel flipped in a convolution
- What is the difference between convolution and cross-correlation?
- Animate a moving average filter sliding over a list of numbers

Keywords
--------
convolution, convolve, discrete convolution, kernel, filter, sliding window, signal, flip, cross-
correlation, moving average, CNN, convolutional network, polynomial multiplication, 1D, weighted
sum, conv layer, slide, overlap, multiply and add, sequence, impulse response, blur, padding, conv,
conv net, smoothing, weighted average, cross-correlation

Subjects
--------
convolution, discrete convolution, convolve, sliding window, sliding kernel, moving average, kernel
slides, conv layer, convolutional layer, 1D convolution, cross-correlation, filter over a signal,
polynomial multiplication, impulse response, smoothing filter, slide a filter, flipped kernel, blur
filter, conv

Not
---
kernel trick: of classifiers
kernel of a matrix: null space
convolutional neural network for: a whole network
2D convolution: images
image convolution: two dimensions
kernel density: an estimate
Fourier transform: frequencies
Linux kernel: a program
convolution theorem: Fourier transforms
deconvolution: the inverse
autocorrelation: with itself
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    GREY_B,
    GREY_D,
    PI,
    RIGHT,
    UP,
    WHITE,
    YELLOW,
    FadeIn,
    FadeOut,
    LaggedStart,
    Rectangle,
    Scene,
    Text,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import replace_words

SIGNAL = [1, 3, 2, 0, 4]
KERNEL = [1, 2, -1]

SIGNAL_Y, KERNEL_Y, OUTPUT_Y = 1.55, 0.55, -1.75
HEIGHT = 0.96  # of a cell


def label(words, size=28, color=WHITE):
    return Text(words, font="Sans", font_size=size, color=color, warn_missing_font=False)


def show_number(value):
    digits = 2 if abs(value) < 100 else 1  # as many as a cell holds
    return f"{round(value, digits):g}".replace("-", "−")


class Convolution(Scene):
    def construct(self):
        self.caption = VGroup()
        self.reach = len(KERNEL) - 1  # so many zeros on each side of the signal
        self.results = [float(v) for v in np.convolve(SIGNAL, KERNEL)]
        self.width = min(1.2, 13.5 / (len(SIGNAL) + 2 * self.reach))
        self.play(FadeIn(label("Discrete convolution", 40).to_edge(UP, buff=0.35)), run_time=0.6)
        self.show_lists()
        self.flip_kernel()
        self.slide()
        self.finish()

    def say(self, words):
        """Replace the caption at the bottom."""
        new = label(words, 28).to_edge(DOWN, buff=0.35)
        self.play(*replace_words(self.caption, new), run_time=0.5)
        self.caption = new

    def row(self, numbers, color, width):
        """Cells side by side, their numbers in the largest type that suits all of them."""
        words = VGroup(*(label(show_number(v), 30) for v in numbers))
        fit = min(1, 0.9 * width / max(word.width for word in words))
        cells = VGroup()
        for word in words:
            box = Rectangle(width=width, height=HEIGHT, color=color, stroke_width=3)
            cells.add(VGroup(box.set_fill(color, opacity=0.15), word.scale(fit)))
        return cells.arrange(RIGHT, buff=0)

    def column(self, index):
        """The x of the cell over which the signal's number ``index`` stands."""
        return self.width * (index - (len(SIGNAL) - 1) / 2)

    def show_lists(self):
        self.signal = self.row(SIGNAL, BLUE, self.width).move_to([0, SIGNAL_Y, 0])
        self.kernel = self.row(KERNEL, YELLOW, self.width).move_to([0, -0.6, 0])
        names = VGroup(
            label("signal x", 28, BLUE).next_to(self.signal, UP, buff=0.25),
            label("kernel h", 28, YELLOW).next_to(self.kernel, UP, buff=0.25),
        )
        self.play(LaggedStart(*(FadeIn(c) for c in self.signal), lag_ratio=0.15), FadeIn(names[0]))
        self.play(LaggedStart(*(FadeIn(c) for c in self.kernel), lag_ratio=0.15), FadeIn(names[1]))
        self.say("Slide one list along the other; multiply and add where they overlap")
        self.names = names
        self.wait(0.8)

    def flip_kernel(self):
        self.say("y[n] = Σ x[k] · h[n − k]: as k grows, h runs backwards. So flip it first")
        flipped = list(reversed(self.kernel))
        moves = [
            c.animate(path_arc=PI).move_to(f) for c, f in zip(self.kernel, flipped, strict=True)
        ]
        # The numbers would run through the name on their way.
        self.play(*moves, FadeOut(self.names[1], run_time=0.3), run_time=1.2)
        self.kernel = VGroup(*flipped)  # from left to right: h[q − 1], …, h[1], h[0]
        self.wait(0.5)

    def slide(self):
        padding = self.row([0] * (2 * self.reach), GREY_D, self.width)
        for index, cell in enumerate(padding):
            place = index - self.reach if index < self.reach else len(SIGNAL) + index - self.reach
            cell.move_to([self.column(place), SIGNAL_Y, 0])
        width = min(1.4, 13.4 / len(self.results))
        self.output = self.row(self.results, GREEN, width).move_to([0, OUTPUT_Y, 0])
        slots = VGroup(*(cell[0].copy() for cell in self.output))
        slots.set_fill(opacity=0).set_stroke(GREY_B, width=1.5)
        name = label("result y", 28, GREEN).next_to(slots, DOWN, buff=0.2)
        self.play(FadeIn(padding), FadeIn(slots), FadeIn(name), run_time=0.6)
        self.say("Beyond its ends the signal counts as zero")
        self.work = VGroup()
        for n in range(len(self.results)):
            self.take_step(n, run_time=0.9 if n < 3 else 0.45)

    def take_step(self, n, run_time):
        """Put h[0] under x[n], show the products, and drop their sum into y[n]."""
        x = self.column(n - self.reach / 2)
        work = label(self.describe_sum(n), 30).move_to([0, -0.6, 0])
        if work.width > 13.4:
            work.set(width=13.4)
        self.play(
            self.kernel.animate.move_to([x, KERNEL_Y, 0]),
            FadeOut(self.work, run_time=run_time / 3),
            run_time=run_time,
        )
        self.play(FadeIn(work), FadeIn(self.output[n], shift=0.5 * DOWN), run_time=run_time)
        self.work = work

    def describe_sum(self, n):
        """Spell out the sum for y[n], without the places where the signal has ended."""
        terms = []
        for k in range(max(0, n - self.reach), min(n, len(SIGNAL) - 1) + 1):
            factors = [show_number(SIGNAL[k]), show_number(KERNEL[n - k])]
            terms.append("·".join(f"({f})" if f.startswith("−") else f for f in factors))
        result = show_number(self.results[n])
        sign = "=" if float(result.replace("−", "-")) == round(self.results[n], 9) else "≈"
        return f"y[{n}]  =  {'  +  '.join(terms)}  {sign}  {result}"

    def finish(self):
        p, q = len(SIGNAL), len(KERNEL)
        self.say(f"{p} numbers and {q} numbers give {p} + {q} − 1 = {p + q - 1} numbers")
        self.wait(1.2)
        self.say("Without the flip it is cross-correlation: what neural networks compute")
        self.wait(1.8)
