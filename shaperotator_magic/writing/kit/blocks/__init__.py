"""The blocks themselves: plain manim code; the frame is 14.2 wide and 8 high.

Read as text, never imported; it runs in a scene's process only. May import manim and NumPy.
"""
