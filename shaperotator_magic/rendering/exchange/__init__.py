"""What the processes send each other: messages, plays, variables, files that are read safely.

Runs in the caller and in a scene's process. May import core and nothing else of the package.
"""
