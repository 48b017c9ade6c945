"""TeX's spaces between two nodes of a math list (the TeXbook, chapter 18).

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from shaperotator_magic.rendering.mathtext.nodes import Node
from shaperotator_magic.rendering.mathtext.symbols import (
    BIN,
    CLOSE,
    INNER,
    OP,
    OPEN,
    ORD,
    PUNCT,
    REL,
)

_KINDS = (ORD, OP, BIN, REL, OPEN, CLOSE, PUNCT, INNER)
# Rows: the left node; columns: the right one. In small letters: not within scripts.
_TABLE = (
    ".TmkOOOt"
    "TT.kOOOt"
    "mm..m..m"
    "kk.Ok..k"
    "OO.OOOOO"
    "OTmkOOOt"
    "tt.ttttt"
    "tTmktOtt"
).replace("O", ".")  # fmt: skip
_EM = {".": 0.0, "t": 3 / 18, "T": 3 / 18, "m": 4 / 18, "k": 5 / 18}
_BEFORE_SIGN = {"", OP, BIN, REL, OPEN, PUNCT}
_AFTER_SIGN = {REL, CLOSE, PUNCT}


def resolve_kinds(items: list[Node]) -> list[str]:
    """Return the class of every node: a binary operator without two sides is an ordinary sign."""
    kinds = [item.kind for item in items]
    last = -1
    for place, kind in enumerate(kinds):
        if not kind:
            continue
        before = kinds[last] if last >= 0 else ""
        if kind == BIN and before in _BEFORE_SIGN:
            kinds[place] = ORD
        elif kind in _AFTER_SIGN and before == BIN:
            kinds[last] = ORD
        last = place
    if last >= 0 and kinds[last] == BIN:
        kinds[last] = ORD
    return kinds


def find_space(left: str, right: str, style: str) -> float:
    """Return the space between two classes, in em."""
    letter = _TABLE[8 * _KINDS.index(left) + _KINDS.index(right)]
    if style in {"S", "SS"} and letter.islower():
        return 0.0
    return _EM[letter]
