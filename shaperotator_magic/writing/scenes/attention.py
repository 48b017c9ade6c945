"""Attention: each word takes in the others, weighted.

Each word has a query q, a key k and a value v. The score of another word is q · k / √d; softmax
turns a row of scores into weights that add up to 1; the word's output is the weighted sum of all
values. Here d = 2 and the vectors are drawn at random: a trained model learns them. Source: Vaswani
et al., Attention is all you need, 2017, section 3.2.

Parameters
----------
SENTENCE : text, at most 40 characters
    Two to six words.
WORD : integer in [1, 6]
    Which word looks at the others, counted from 1.
SEED : integer in [0, 9999]
    Which random vectors.

Example prompts
---------------
- How does attention work in a transformer?
- self-attention in a short sentence, with weights
- Show query, key and value of the third word
- attention weights by scaled dot products

Keywords
--------
attention, self-attention, self attention, transformer, query, key, value, queries keys values,
scaled dot product attention, attention weights, attention matrix, softmax of scores, tokens, large
language model, LLM, GPT, weighted sum of values, attend

Subjects
--------
attention, self-attention, scaled dot-product attention, attention weights, query key and value,
attention in a transformer, attention matrix

Not
---
paper, article, book: a text on it
attention deficit, attention span, pay attention, media attention: people
cross-attention, flash attention, visual attention: another kind
multi-head, positional encoding: more than one head
a whole transformer: one head only, without feed-forward layers
multi-head attention: one head only
softmax temperature: only a part of it here
attention deficit, attention span: people
"""

import numpy as np
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORANGE,
    RIGHT,
    WHITE,
    YELLOW,
    FadeIn,
    Rectangle,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    cell,
    equals,
    label,
    number,
)

SENTENCE = "the cat sat down"
WORD = 2
SEED = 1


def softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def in_hundredths(weights):
    """Weights with two digits that still add up to 1 (largest remainders)."""
    whole = np.floor(100 * weights)
    missing = round(100 - float(whole.sum()))
    for i in np.argsort(whole - 100 * weights)[:missing]:
        whole[i] += 1
    return whole / 100


def pair(vector):
    return f"({number(vector[0], 1)}, {number(vector[1], 1)})"


class Attention(CaptionedScene):
    def construct(self):
        self.words = SENTENCE.split()[:6]
        count = len(self.words)
        self.begin("Attention: each word takes in the others")
        if count < 2:
            self.explain("one word alone", "Attention needs at least two words")
            return
        random = np.random.default_rng(SEED)
        self.q, self.k, self.v = random.integers(-20, 21, (3, count, 2)) / 10
        self.chosen = min(WORD, count) - 1
        self.scores = self.q @ self.k.T / np.sqrt(2)
        self.weights = np.array([in_hundredths(softmax(row)) for row in self.scores])
        self.xs = [(i - (count - 1) / 2) * min(2.4, 10.4 / count) + 0.9 for i in range(count)]
        self.show_words()
        self.show_query()
        self.show_scores()
        self.show_weights()
        self.sum_values()
        self.show_matrix()

    def row(self, name, y, texts, color):
        """A line of the table: its name at the left, an entry below each word."""
        wide = 0.88 * (self.xs[1] - self.xs[0])
        entries = VGroup(label(name, 26, color, 1.5).move_to([-6.8, y, 0], aligned_edge=LEFT))
        for words, x in zip(texts, self.xs, strict=True):
            entries.add(label(words, 26, color, wide).move_to([x, y, 0]))
        return entries

    def show_words(self):
        wide = 0.9 * (self.xs[1] - self.xs[0])
        self.cells = VGroup(
            *(cell(w, (x, 2.35), (wide, 0.65)) for w, x in zip(self.words, self.xs, strict=True))
        )
        self.play(FadeIn(self.cells, lag_ratio=0.2), run_time=0.9)
        self.say("Each word has a query q, a key k and a value v (here at random)", 0.8)

    def show_query(self):
        word = self.words[self.chosen]
        self.play(self.cells[self.chosen].animate.set_color(YELLOW), run_time=0.5)
        query = label(f"q = {pair(self.q[self.chosen])}", 26, YELLOW, 4)
        query.move_to([self.xs[self.chosen], 1.7, 0])
        self.say(f"“{word}” asks with its query; every word answers with its key", 0)
        self.play(FadeIn(query, shift=0.2 * DOWN), run_time=0.6)
        keys = self.row("k", 1.05, [pair(k) for k in self.k], BLUE)
        self.play(FadeIn(keys, lag_ratio=0.1), run_time=0.8)

    def show_scores(self):
        texts = [number(score) for score in self.scores[self.chosen]]
        self.say("Scores: the dot products, divided by √2", 0)
        self.play(FadeIn(self.row("q · k / √2", 0.4, texts, WHITE), lag_ratio=0.1), run_time=0.9)
        self.wait(0.6)

    def show_weights(self):
        weights = self.weights[self.chosen]
        self.say("Softmax makes weights of them: positive, and 1 together", 0)
        texts = [number(weight) for weight in weights]
        bars_ = VGroup()
        for weight, x in zip(weights, self.xs, strict=True):
            bar = Rectangle(width=0.8, height=max(0.02, 0.8 * weight), stroke_width=0)
            bars_.add(bar.set_fill(GREEN, 0.9).move_to([x, -0.75, 0], aligned_edge=DOWN))
        self.play(FadeIn(self.row("weight", -1.05, texts, GREEN)), FadeIn(bars_), run_time=1)
        best = self.words[int(weights.argmax())]
        self.say(f"“{self.words[self.chosen]}” attends most to “{best}”", 0.8)

    def sum_values(self):
        output = self.weights[self.chosen] @ self.v
        values = self.row("v", -1.65, [pair(v) for v in self.v], ORANGE)
        self.play(FadeIn(values, lag_ratio=0.1), run_time=0.7)
        words = f"output {equals(output)} ({number(output[0])}, {number(output[1])})"
        self.say("Output: the weighted sum of the values", 0)
        self.play(FadeIn(label(words, 30, YELLOW).move_to([0.9, -2.4, 0])), run_time=0.7)
        self.wait(1.2)

    def show_matrix(self):
        """The weights of every word for every other, as a table of shades."""
        self.wipe()
        count = len(self.words)
        side = 4.2 / count
        grid, names = VGroup(), VGroup()
        for i, row in enumerate(self.weights):
            y = 1.75 - side * (i + 0.5)
            names.add(label(self.words[i], 25, YELLOW, 2.2).move_to([-2.3, y, 0], RIGHT))
            x = -2 + 1.6 * side * (i + 0.5)
            names.add(label(self.words[i], 25, BLUE, 1.5 * side).move_to([x, 2.05, 0]))
            for j, weight in enumerate(row):
                box = cell(
                    number(weight), (-2 + 1.6 * side * (j + 0.5), y), (1.6 * side, side), GREEN
                )
                box[0].set_fill(GREEN, 0.75 * weight)
                grid.add(box)
        self.play(FadeIn(names), FadeIn(grid, lag_ratio=0.02), run_time=1)
        self.say("The same for every word: each row adds up to 1", 2.4)
