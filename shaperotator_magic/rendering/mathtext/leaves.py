"""What is drawn, each in a color that names it, and the order in which LaTeX draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shaperotator_magic.rendering.mathtext import nodes


@dataclass(frozen=True)
class Leaf:
    """What is drawn in one identifying color: the color to show, and how its outline is split.

    ``shape`` is a key of ``pieces``; ``raised_em`` moves what Typst sets too low.
    """

    color: str | None
    shape: str = ""
    raised_em: float = 0.0


@dataclass(frozen=True)
class Drawn:
    """Outlines of a leaf, from ``start`` to ``stop`` in the order of the SVG."""

    leaf: int
    start: int = 0
    stop: int | None = None


class LeafBook:
    """Numbers the leaves as they are written."""

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self.order: list[Drawn | nodes.Mark] = []
        self.raised_em = 0.0  # of the leaves to come

    def _number(self, color: str | None, shape: str = "") -> int:
        self.leaves.append(Leaf(color, shape, self.raised_em))
        return len(self.leaves)

    def leaf(self, color: str | None, shape: str = "") -> str:
        """Return the name of a new leaf, which is drawn next."""
        number = self._number(color, shape)
        self.order.append(Drawn(number))
        return _spell_number(number)

    def later(self, color: str | None, shape: str = "") -> tuple[str, Callable[..., None]]:
        """Return a leaf's name, and what puts (a part of) it into the order."""
        number = self._number(color, shape)

        def draw(start: int = 0, stop: int | None = None) -> None:
            self.order.append(Drawn(number, start, stop))

        return _spell_number(number), draw


def _spell_number(number: int) -> str:
    return f'"#{number:06x}"'
