"""Data sets for fine-tuning: where rows come from, what lets them in, and the folder they lie in.

``messages`` says how a prompt and a scene look to a tuned model, ``forms`` how each trainer wants
its rows, ``building`` makes a folder of them and ``rechecking`` repeats its gates. ``sources``
yields samples, ``gates`` judges them, ``review`` asks a person.

Runs in a command's process. May import core, writing, checking, rendering, keeping, converting
and pipeline.
"""
