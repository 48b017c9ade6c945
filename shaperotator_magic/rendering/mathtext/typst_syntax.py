"""Pieces of Typst source: signs, strings, spaces, styles, and a math list built of them.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from shaperotator_magic.rendering.mathtext.spacing import find_space

WRAPPERS = {"D": "display", "T": "inline", "S": "script", "SS": "sscript"}
_SAFE = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


def wrap(style: str, body: str) -> str:
    """Set a body in display, text, script or scriptscript style."""
    return f"{WRAPPERS[style]}({body})"


def write_space(em: float) -> str:
    """Return a space in math."""
    return f"hh(#({em:.4g}em))"


def write_sign(text: str) -> str:
    """Return signs as Typst reads them in math, whatever they mean to it."""
    return "".join(char if char in _SAFE else f"\\u{{{ord(char):x}}}" for char in text)


def write_string(text: str) -> str:
    """Return a string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'


class Row:
    """Pieces of one math list; neighbouring spaces become one, for Typst would drop the first."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._wrapped = 0
        self._kind = ""
        self._is_plain = True
        self._space_em: float | None = None

    def open(self, style: str) -> None:
        """Set what follows in another style."""
        self._put_space()
        self._pieces.append(f"{WRAPPERS[style]}(")
        self._wrapped += 1

    def space(self, em: float) -> None:
        """Add a space."""
        self._space_em = (self._space_em or 0.0) + em

    def add(self, written: str, kind: str, style: str, *, is_plain: bool) -> None:
        """Add a node after the space that TeX puts before it."""
        if kind and self._kind:
            em = find_space(self._kind, kind, style)
            if em or not (is_plain and self._is_plain):
                self.space(em)
        if kind:
            self._kind, self._is_plain = kind, is_plain
        self._put_space()
        self._pieces.append(written)

    def close(self) -> str:
        """Return the list; an empty one is a box of no size."""
        self._put_space()
        return "".join(self._pieces or ["nn()"]) + ")" * self._wrapped

    def _put_space(self) -> None:
        if self._space_em is not None:
            self._pieces.append(write_space(self._space_em))
        self._space_em = None
