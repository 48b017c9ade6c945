"""Building blocks that a small model calls, and that are inlined as plain manim code. Pure.

Runs in the caller's process. May import core.
"""
