"""Names of colors in formulas: those of the xcolor package, and hexadecimal ones.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import re

from shaperotator_magic.core.errors import FormulaError

_NAMED = {
    "black": "#000001",  # not pure black, which manim takes for 'no color of its own'
    "white": "#FFFFFF", "red": "#FF0000", "green": "#00FF00", "blue": "#0000FF",
    "cyan": "#00FFFF", "magenta": "#FF00FF", "yellow": "#FFFF00", "gray": "#808080",
    "grey": "#808080", "darkgray": "#404040", "lightgray": "#BFBFBF", "brown": "#BF8040",
    "lime": "#BFFF00", "olive": "#808000", "orange": "#FF8000", "pink": "#FFBFBF",
    "purple": "#BF0040", "teal": "#008080", "violet": "#800080",
}  # fmt: skip
_HEX = re.compile(r"#?([0-9A-Fa-f]{6})")
_MIX = re.compile(r"([A-Za-z]+)!(\d+)(?:!([A-Za-z]+))?")


def read_color(name: str) -> str:
    """Return a color as ``#RRGGBB``.

    Raises
    ------
    FormulaError
        There is no color of this name.
    """
    name = name.strip()
    if name.lower() in _NAMED:
        return _NAMED[name.lower()]
    if found := _HEX.fullmatch(name):
        return f"#{found[1].upper()}"
    if found := _MIX.fullmatch(name):
        return _mix(read_color(found[1]), read_color(found[3] or "white"), int(found[2]) / 100)
    raise FormulaError(
        f"The color {name!r} of a formula is not known.",
        hint="Use red, blue, green, orange, teal, purple, gray or a color such as #58C4DD, or "
        "color the part with set_color_by_tex.",
    )


def _mix(first: str, second: str, share: float) -> str:
    parts = (
        round(int(first[i : i + 2], 16) * share + int(second[i : i + 2], 16) * (1 - share))
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)
