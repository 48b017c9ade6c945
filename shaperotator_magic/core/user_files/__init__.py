"""Files of a user's, given to a scene or named by a style pack: whether each is what it says.

Nothing is trusted: sizes are bounded before a file is read, pictures are measured and not decoded,
and a drawing is read by a parser that knows no entities. Runs in every process. Imports nothing
else of ours.
"""
