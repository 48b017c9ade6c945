"""The C files, the header that they share, and how they are loaded; hatch_build.py compiles them.

Runs in a scene's process. May import stock_types, and nothing else of the package.
"""
