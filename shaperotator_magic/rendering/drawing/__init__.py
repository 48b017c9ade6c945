"""Stand-ins for manim's drawing loops, with the same pixels, and their C extensions.

Runs in a scene's process; installed before the first scene. Imports nothing else of the package.
"""
