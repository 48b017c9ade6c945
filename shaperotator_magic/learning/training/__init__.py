"""Fine-tunes a model on a dataset folder, with TRL and PEFT, and serves it.

What needs torch imports it within functions: all else, and its tests, do without.

Runs in a command's process. May import core, writing's model, checking, rendering's worker and
renderer; imports torch, transformers, datasets, trl and peft late.
"""
