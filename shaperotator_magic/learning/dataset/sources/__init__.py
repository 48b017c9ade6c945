"""Where samples come from: the library, the store, seeded faults, and conversions.

Runs in a command's process. May import core, writing, checking, keeping, converting and pipeline.
"""
