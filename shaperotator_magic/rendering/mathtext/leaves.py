"""What is drawn, each in a color that names it, and the order in which LaTeX draws it.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import nodes

# Latin, Greek, Cyrillic; then punctuation, letterlike signs, arrows and mathematics.
_KNOWN_SIGNS = ((0x20, 0x52F), (0x1E00, 0x20FF), (0x2100, 0x23FF), (0x24B6, 0x24E9),
                (0x2500, 0x26FF), (0x2713, 0x2720), (0x27C0, 0x27FF), (0x2900, 0x2BFF),
                (0xFE00, 0xFE00), (0x1D400, 0x1D7FF))  # fmt: skip


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

    def check_signs(self, text: str) -> None:
        """Refuse what is in none of the fonts, for it would leave a gap.

        Raises
        ------
        FormulaError
            A sign is none of European scripts or of mathematics.
        """
        for sign in text:
            if not any(first <= ord(sign) <= last for first, last in _KNOWN_SIGNS):
                raise FormulaError(
                    f"The sign {sign} (U+{ord(sign):04X}) is in none of the fonts of formulas.",
                    hint="Use Text for it: Text takes the fonts of this computer.",
                )

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
