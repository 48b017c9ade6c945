"""What a scene shows, what its source calls it, what it prints and why it failed.

Runs in a scene's process. May import exchange and mathtext.
"""
