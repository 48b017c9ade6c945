"""The commands on models: measure one, look at what it drew, fine-tune one, serve it.

Runs in a command's process. May import every other room.
"""
