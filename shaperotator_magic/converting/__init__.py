"""Scenes of manimgl, manimlib and older manim, converted to the manim that is installed. Pure.

``converter.convert_source`` gathers a program, rewrites it by tables of rules, and writes helpers
into it. Runs in the caller's process, executes nothing. May import checking and core.
"""
