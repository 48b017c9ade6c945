"""The font of formulas: New Computer Modern, or a math font that a style pack brings.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class MathFace:
    """A math font beside those that ship in the compiler: its family, and the folder it is in."""

    family: str
    folder: str


chosen: MathFace | None = None
"""The font of every formula from now on; None is New Computer Modern."""


def choose(face: MathFace) -> Callable[[], None]:
    """Set formulas in a font; returns a function that undoes it."""
    global chosen
    before, chosen = chosen, face

    def undo() -> None:
        global chosen  # noqa: PLW0603
        chosen = before

    return undo
