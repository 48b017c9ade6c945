"""Files that a user gives to a scene: whether each is what its name says, and what is in it.

Nothing is trusted: sizes are bounded before a file is read, pictures are measured and not decoded,
and a drawing is read by a parser that knows no entities. Runs in the caller's process and in the
service. May import ``core`` alone.
"""
