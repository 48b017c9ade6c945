"""The gate: what generated code may import, name, define and touch. Pure; reads the source only.

``gate.check_scene`` makes a ``CheckedScene``, the only thing that may be rendered or injected. Runs
in the caller's process. May import core and nothing else of the package.
"""
