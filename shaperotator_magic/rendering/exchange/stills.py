"""How a process that draws stills, and its parent, call the files that pass between them.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations


def name_order(number: int) -> str:
    """Return the file that says which source is drawn at which moment, in the job's folder."""
    return f"still-{number}.json"


def name_still(number: int) -> str:
    """Return the file of the picture, in the job's folder."""
    return f"still-{number}.png"
