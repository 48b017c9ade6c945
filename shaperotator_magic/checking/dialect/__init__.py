"""Code for manimgl or an older manim, rewritten for the installed manim: one table of rules. Pure.

Runs in the caller's process. May import core and nothing else of the package.
"""
