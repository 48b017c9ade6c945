"""Lines that are written from right to left.

manim lays every piece of a text out on its own, at the width of the frame. Pango aligns one that
begins with a right-to-left letter at the right end of that width, beyond the picture: nothing of
it is drawn. Here such a piece is embedded in a left-to-right line (Unicode Standard Annex 9): it
keeps its own order of words and signs, and stands where manim expects it.

Runs in a scene's process, the confined fork that draws it, and in the kernel renderer.
"""

from __future__ import annotations

import copy
import itertools
import unicodedata
from typing import Any

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_STRONG = _RIGHT_TO_LEFT | {"L"}
_BEFORE, _AFTER = "\u200e\u202b", "\u202c"  # left-to-right mark; embedding, and its end


def begins_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is one of a right-to-left script."""
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in _STRONG), "L") in _RIGHT_TO_LEFT


def embed_right_to_left(text: str, settings: list[Any]) -> tuple[str, list[Any]]:
    """Return the text with its right-to-left pieces embedded, and the settings of the pieces.

    Parameters
    ----------
    settings
        manimpango's: ``start`` and ``end`` of each piece, its ``line_num`` and its font. They are
        copied where the text changes, and returned as they are where it does not.
    """
    if not any(begins_right_to_left(_cut(text, setting)) for setting in settings):
        return text, settings
    written, moved = "", []
    for _, line in itertools.groupby(settings, key=lambda setting: setting.line_num):
        for setting in _order(text, list(line)):
            piece, place = _cut(text, setting), copy.copy(setting)
            place.start = len(written)
            written += f"{_BEFORE}{piece}{_AFTER}" if begins_right_to_left(piece) else piece
            place.end = len(written)
            moved.append(place)
    return written, moved


def _order(text: str, line: list[Any]) -> list[Any]:
    """Return the pieces of a line from left to right, as manim places them."""
    whole = "".join(_cut(text, setting) for setting in line)
    return line[::-1] if begins_right_to_left(whole) else line


def _cut(text: str, setting: Any) -> str:
    return text[setting.start : setting.end]
