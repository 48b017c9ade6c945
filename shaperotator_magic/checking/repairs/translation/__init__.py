"""What models expect of manim and it does not have: tables, and code that is inlined. Pure.

Runs in the caller's process. May import dialect, api, names, failing and core.
"""
