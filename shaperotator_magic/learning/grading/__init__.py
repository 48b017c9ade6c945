"""An evaluation's figures, two runs compared, and the verdicts of people by eye.

Runs in a command's process. May import core and keeping; imports av and PIL late.
"""
