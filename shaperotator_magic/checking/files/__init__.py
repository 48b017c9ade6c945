"""A scene file of the user's own: which scene is meant, and the files beside it that it needs.

Runs in the caller's process; reads files, executes nothing. May import core.
"""
