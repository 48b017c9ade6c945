"""The built-in scenes, one file each; ``library/scene_files.py`` reads them and never imports them.

A file's source becomes the scene code of a run, so it runs in a scene's process only. May import
manim, NumPy and ``_stage``.
"""
