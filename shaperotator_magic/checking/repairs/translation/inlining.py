"""Puts the definitions of stand-ins that a scene mentions into its source.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
from pathlib import Path

from shaperotator_magic.core.inlined_code import (
    Definition,
    inline_definitions,
    read_definitions,
)

__all__ = ["inline_stand_ins", "is_stand_in"]


@functools.cache
def _read_stand_ins() -> dict[str, tuple[Definition, str]]:
    return read_definitions(Path(__file__).parent / "stand_ins")


def is_stand_in(name: str) -> bool:
    """Tell whether a definition of this name can be inlined."""
    return name in _read_stand_ins()


def inline_stand_ins(source: str, known: frozenset[str]) -> str:
    """Return the source with the definitions of those stand-ins that it mentions and lacks.

    Parameters
    ----------
    known
        The public names of manim.
    """
    return inline_definitions(source, _read_stand_ins(), known)
