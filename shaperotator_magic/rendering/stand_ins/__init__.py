"""What stands in for functions of manim: one table, and the guard that compares installed sources.

To add a version of manim: write its digests (``python -m tests.manim_sources FOLDER …``), read what
changed in each file, add the version to the entries that still hold, and run the core suite with it
(``make test-manim VERSION=…``), which also compares the frames of every library scene.

Runs in every process that renders, and in the caller's for reports. Of the package it imports
core alone, and manim only to replace a function of it.
"""
