"""Builds the classes and functions of a checked scene without executing any of its source.

Runs twice for every scene. In a confined process, the *proof*: the definitions are assembled, their
constants are computed, and every call of the scene's own functions is refused. In the caller's
process, usually a kernel, the *assembly*: the same classes are built from the values that the proof
sent as data, from function bodies that nobody has called, and from objects of manim, NumPy and the
standard library that are recognised by identity.

    source -> proving (confined process) -> Definitions -> assembling (kernel) -> module

``known`` lists what may be called while classes are made, ``expressions`` reads what Python
evaluates on the way, ``transport`` carries the values, ``watching`` stops a call of a function of
the scene's. May import exchange and scene. Nothing here imports manim at import time: ``%load_ext``
loads none of it.
"""
