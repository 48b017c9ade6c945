"""The built-in library: a sentence in, one of its scenes with the values of the sentence out. Pure.

Runs in the caller's process. May import the other rooms of writing.
"""
