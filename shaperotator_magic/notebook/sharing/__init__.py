"""Notebooks that are sent on: embedded videos, private data removed, pages, PDFs, posters.

Runs in the kernel, or in a command (``shaperotator share``). May import card, the notebook's
variables, and rooms below the notebook.
"""
