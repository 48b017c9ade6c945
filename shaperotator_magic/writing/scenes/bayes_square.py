"""Bayes' theorem in a square: what a positive test says.

The unit square is cut by who is ill and who is healthy, and each part by how the test comes out.
Areas are probabilities. Given a positive test only the two coloured parts are left, and the chance
to be ill is the share of the first. Source: Gigerenzer, Calculated Risks, chapter 4.

Parameters
----------
PRIOR : number in [0.01, 0.9]
    The share of people who are ill.
SENSITIVITY : number in [0.3, 1]
    The chance that the test is positive for an ill person.
FALSE_POSITIVE : number in [0.01, 0.6]
    The chance that the test is positive for a healthy person.

Example prompts
---------------
- Explain Bayes' theorem with a square
- medical test: how likely am I ill after a positive result?
- Bayes theorem with prior 0.05, sensitivity 0.9 and false positive rate 0.1
- Why do doctors misjudge positive tests, base rate fallacy

Keywords
--------
Bayes, Bayes' theorem, Bayes rule, bayesian, conditional probability, prior, posterior, base rate,
base rate fallacy, false positive, false positives, sensitivity, specificity, medical test, positive
test, disease, ill, evidence, update beliefs, prevalence, positive result, likelihood, inverse
probability, screening test

Subjects
--------
false alarms, test catches, test detects, prevalence, false alarm rate, test is positive,
Bayes, Bayes' theorem, Bayes rule, Bayes' law, Bayes formula, bayesian update, base rate fallacy,
base rate neglect, conditional probability, inverse probability, medical test, positive test,
positive test result, test positive, false positives, false positive paradox, screening test, doping
test, sensitivity and specificity, posterior probability, prior and posterior, probability of being
ill

Not
---
Bayesian optimisation: chooses experiments
Bayesian network: a graph of many variables
naive Bayes: a classifier of many features
Bayesian regression: fits a line
Bayes factor: compares models
conditional expectation: a mean
Markov: a chain
hypothesis test: p-values
total probability: no test
"""

import numpy as np
from manim import (
    BLUE,
    BLUE_E,
    DOWN,
    ORANGE,
    RED,
    RED_E,
    RIGHT,
    WHITE,
    YELLOW,
    FadeIn,
    GrowFromEdge,
    Rectangle,
    TransformFromCopy,
    VGroup,
)

from shaperotator_magic.writing.scenes._stage import (
    CaptionedScene,
    column,
    label,
    number,
)

PRIOR = 0.1
SENSITIVITY = 0.9
FALSE_POSITIVE = 0.2

SIDE = 4.8
CORNER = np.array([-6.0, -2.6, 0.0])


def percent(share):
    return f"{number(100 * share, 1)} %"


class BayesSquare(CaptionedScene):
    def construct(self):
        self.ill = PRIOR * SENSITIVITY
        self.well = (1 - PRIOR) * FALSE_POSITIVE
        self.begin("Bayes' theorem: what a positive test says")
        self.show_people()
        self.show_tests()
        self.keep_positive()

    def part(self, corner, size, color):
        box = Rectangle(width=SIDE * size[0], height=SIDE * size[1], color=WHITE, stroke_width=1.5)
        middle = np.array([corner[0] + size[0] / 2, corner[1] + size[1] / 2, 0])
        return box.set_fill(color, 0.85).move_to(CORNER + SIDE * middle)

    def show_people(self):
        self.people = VGroup(
            self.part((0, 0), (PRIOR, 1), RED_E), self.part((PRIOR, 0), (1 - PRIOR, 1), BLUE_E)
        )
        self.rows = column(
            [
                label(f"ill: {percent(PRIOR)}", 28, RED),
                label(f"healthy: {percent(1 - PRIOR)}", 28, BLUE),
                label(f"ill and positive: {percent(self.ill)}", 28, YELLOW),
                label(f"healthy and positive: {percent(self.well)}", 28, ORANGE),
            ],
            (3.2, 1.4),
            width=5.4,
        )
        self.play(FadeIn(self.people[1]), FadeIn(self.rows[1]), run_time=0.8)
        self.play(FadeIn(self.people[0]), FadeIn(self.rows[0]), run_time=0.8)
        self.say("All people fill a square: the left part is ill, the rest is healthy", 1)

    def show_tests(self):
        self.positive = VGroup(
            self.part((0, 0), (PRIOR, SENSITIVITY), YELLOW),
            self.part((PRIOR, 0), (1 - PRIOR, FALSE_POSITIVE), ORANGE),
        )
        self.play(GrowFromEdge(self.positive[0], DOWN), FadeIn(self.rows[2]), run_time=1)
        self.say(f"Of the ill the test finds {percent(SENSITIVITY)}", 0.9)
        self.play(GrowFromEdge(self.positive[1], DOWN), FadeIn(self.rows[3]), run_time=1)
        self.say(f"But {percent(FALSE_POSITIVE)} of the healthy are positive as well", 1)

    def keep_positive(self):
        self.say("Your test is positive: you are in the yellow or in the orange part", 0.3)
        self.play(self.people.animate.set_opacity(0.12), run_time=0.9)
        self.wait(0.5)
        total = self.ill + self.well
        share = self.ill / total
        length = 5.4
        bar = VGroup(
            *(
                Rectangle(width=length * part, height=0.6, stroke_width=0).set_fill(color, 0.85)
                for part, color in ((share, YELLOW), (1 - share, ORANGE))
            )
        )
        bar.arrange(RIGHT, buff=0).move_to([3.2, -0.55, 0])
        self.play(TransformFromCopy(self.positive, bar), run_time=1.3)
        result = VGroup(
            label(f"P(ill | positive) = {percent(self.ill)} / {percent(total)}", 28, width=5.8),
            label(f"≈ {percent(share)}", 40, YELLOW),
        )
        result.arrange(DOWN, buff=0.25).move_to([3.2, -1.75, 0])
        self.say("Side by side: yellow is the share that is really ill", 0.3)
        self.play(FadeIn(result), run_time=0.8)
        self.wait(1.2)
        if share < SENSITIVITY - 0.05:
            self.say("Less than the test's hit rate: the many healthy weigh in", 2.2)
        else:
            self.say(f"The test moved the chance from {percent(PRIOR)} to {percent(share)}", 2.2)
