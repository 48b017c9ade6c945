"""What manim offers, found by a learner's words: entries of its reference, and an index over them.

``manual`` reads the sources of the installed manim, ``index`` finds its entries, ``folder`` finds
scenes of a person's own files. ``ranking`` is BM25, ``terms`` has the words of both sides. manim is
never imported here.

Runs in the caller's process. May import core, and nothing else of the package.
"""
