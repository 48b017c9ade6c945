"""Plain manim code for what models expect of manim and it does not have; inlined into a scene.

Read as text, never imported; it runs in a scene's process only. May import manim and NumPy.
"""
