"""Formulas without a TeX installation: LaTeX source -> Typst -> the submobjects of manim's MathTex.

``install()`` puts it into manim. The fonts ship inside the ``typst`` package; nothing is written
and nothing is fetched.

Runs in a scene's process; ``formulas`` and ``formula_cache`` answer requests for LaTeX in the
caller's, ``latex`` compiles in a process of the supervisor. May import exchange and core.
"""
