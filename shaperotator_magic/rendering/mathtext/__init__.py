"""Formulas without a TeX installation: LaTeX source -> Typst -> the submobjects of manim's MathTex.

``install()`` puts it into manim. The fonts ship inside the ``typst`` package; nothing is written
and nothing is fetched.
"""
