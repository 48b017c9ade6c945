"""Learning from what people keep: data sets, fine-tuning, and judging what a model has learnt.

``dataset`` builds and checks the rows, ``training`` fine-tunes on them and serves the result,
``grading`` has the figures of an evaluation and the verdicts by eye; ``sheets`` draws what people
look at in the first and the last.

Runs in a command's process. May import core, writing, checking, rendering, keeping, converting
and pipeline.
"""
