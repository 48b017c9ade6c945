"""manimgl and older manim, rewritten to the manim that is installed: one table of rules."""
