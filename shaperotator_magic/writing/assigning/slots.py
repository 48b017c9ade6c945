"""A parameter as the values of a sentence see it, and what could become its value. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shaperotator_magic.writing.assigning.accepting import Accepts


@dataclass(frozen=True)
class Candidate:
    """A value for a parameter: what it takes of the sentence, and how good a choice it is.

    ``atoms`` are the parts of values that are used up. ``fault`` is the reason why it cannot be
    taken.
    """

    value: Any
    atoms: frozenset[tuple[int, int]]
    span: tuple[int, int]
    worth: float
    source: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Slot:
    """A parameter as values see it: its name, what it accepts, and its cues."""

    name: str
    accepts: Accepts
    cues: tuple[tuple[str, ...], ...]
