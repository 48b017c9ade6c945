"""Functions in numbers: where they are defined, what is marked on them, which part is drawn. Pure.

Runs in the caller's process. May import the plan.
"""
