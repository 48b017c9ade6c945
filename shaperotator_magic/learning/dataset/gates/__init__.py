"""What lets a sample into a data set: checks and rehearsal, privacy, licence, and likeness.

Runs in a command's process. May import core, checking, rendering, keeping and pipeline.
"""
