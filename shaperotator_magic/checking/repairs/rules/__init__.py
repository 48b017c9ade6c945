"""The rules of repair: each reads one failure and proposes edits. Pure.

Runs in the caller's process. May import dialect, api, failing, translation and core.
"""
