"""From a plan to the source of a scene. Pure.

Runs in the caller's process. May import tables, functions and the plan.
"""
