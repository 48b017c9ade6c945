"""Colours of a pack: manim's names with manim's values, and how a colour may be written.

Runs in every process.
"""

from __future__ import annotations

import re
from typing import Any

from shaperotator_magic.core.styles.contrast import Colour

MANIM_COLORS: dict[str, str] = {
    "WHITE": "#FFFFFF", "BLACK": "#000000",
    "GRAY_A": "#DDDDDD", "GRAY_B": "#BBBBBB", "GRAY_C": "#888888", "GRAY_D": "#444444",
    "GRAY_E": "#222222", "GRAY": "#888888", "LIGHTER_GRAY": "#DDDDDD", "LIGHT_GRAY": "#BBBBBB",
    "DARK_GRAY": "#444444", "DARKER_GRAY": "#222222",
    "BLUE_A": "#C7E9F1", "BLUE_B": "#9CDCEB", "BLUE_C": "#58C4DD", "BLUE_D": "#29ABCA",
    "BLUE_E": "#236B8E", "BLUE": "#58C4DD", "DARK_BLUE": "#236B8E", "PURE_BLUE": "#0000FF",
    "TEAL_A": "#ACEAD7", "TEAL_B": "#76DDC0", "TEAL_C": "#5CD0B3", "TEAL_D": "#55C1A7",
    "TEAL_E": "#49A88F", "TEAL": "#5CD0B3", "PURE_CYAN": "#00FFFF",
    "GREEN_A": "#C9E2AE", "GREEN_B": "#A6CF8C", "GREEN_C": "#83C167", "GREEN_D": "#77B05D",
    "GREEN_E": "#699C52", "GREEN": "#83C167", "PURE_GREEN": "#00FF00",
    "YELLOW_A": "#FFF1B6", "YELLOW_B": "#FFEA94", "YELLOW_C": "#F7D96F", "YELLOW_D": "#F4D345",
    "YELLOW_E": "#E8C11C", "YELLOW": "#F7D96F", "PURE_YELLOW": "#FFFF00",
    "GOLD_A": "#F7C797", "GOLD_B": "#F9B775", "GOLD_C": "#F0AC5F", "GOLD_D": "#E1A158",
    "GOLD_E": "#C78D46", "GOLD": "#F0AC5F",
    "RED_A": "#F7A1A3", "RED_B": "#FF8080", "RED_C": "#FC6255", "RED_D": "#E65A4C",
    "RED_E": "#CF5044", "RED": "#FC6255", "PURE_RED": "#FF0000",
    "MAROON_A": "#ECABC1", "MAROON_B": "#EC92AB", "MAROON_C": "#C55F73", "MAROON_D": "#A24D61",
    "MAROON_E": "#94424F", "MAROON": "#C55F73",
    "PURPLE_A": "#CAA3E8", "PURPLE_B": "#B189C6", "PURPLE_C": "#9A72AC", "PURPLE_D": "#715582",
    "PURPLE_E": "#644172", "PURPLE": "#9A72AC",
    "PINK": "#D147BD", "LIGHT_PINK": "#DC75CD", "PURE_MAGENTA": "#FF00FF",
    "ORANGE": "#FF862F",
    "LIGHT_BROWN": "#CD853F", "DARK_BROWN": "#8B4513", "GRAY_BROWN": "#736357",
}  # fmt: skip
"""Manim's palette without its second spelling, GREY; the logo's colours keep their values."""

_HEX = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")
_PLAIN_NAMES = {"cyan": "PURE_CYAN", "magenta": "PURE_MAGENTA"}


def parse_color(value: Any) -> str | None:
    """Return ``#RRGGBB`` for a hexadecimal colour or for a name, None where it is neither."""
    if not isinstance(value, str):
        return None
    found = _HEX.fullmatch(value.strip())
    if found:
        digits = found[1]
        return "#" + ("".join(2 * d for d in digits) if len(digits) == 3 else digits).upper()  # noqa: PLR2004
    return find_named_color(value)


def find_named_color(word: str) -> str | None:
    """Return the colour that manim, or else a style sheet, has under a name."""
    from PIL import ImageColor

    name = "_".join(word.upper().replace("GREY", "GRAY").split())
    manim = MANIM_COLORS.get(_PLAIN_NAMES.get(name.lower(), name))
    if manim:
        return manim
    named = ImageColor.colormap.get("".join(word.lower().split()))
    return to_hex(ImageColor.getrgb(named)[:3]) if named else None


def to_rgb(color: str) -> Colour:
    """Return red, green and blue in 0..1 of ``#RRGGBB``."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def to_hex(channels: tuple[int, ...]) -> str:
    """Return ``#RRGGBB`` of three channels in 0..255."""
    return "#" + "".join(f"{channel:02X}" for channel in channels)


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that has ``share`` of the second in it."""
    pairs = zip(to_rgb(first), to_rgb(second), strict=True)
    return to_hex(tuple(round(255 * (a + (b - a) * share)) for a, b in pairs))
