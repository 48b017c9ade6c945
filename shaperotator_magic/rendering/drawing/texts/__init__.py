"""Texts: which font draws each, and those that were set before.

``fonts`` gives manim's texts the package's faces; ``glyphs`` asks Pango which font draws what, and
what none can draw; ``direction`` embeds lines that are written from right to left; ``outlines``
reads the letters that Pango has drawn; ``repeated`` copies a text that was set before. Runs in a
scene's process and in the kernel renderer. May import ``core`` and ``stand_ins``.
"""
