"""Assigns the values of a sentence to the parameters of a scene, all at once. Pure.

Runs in the caller's process. May import reading and core.
"""
