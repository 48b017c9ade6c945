"""What a renderer needs to know of a pack for one scene, as JSON. Pure.

Names of manim's colours are the pack's. Colours that the scene's source writes as ``#RRGGBB`` keep
their hue, and are moved where they could not be seen, or where a background would be reversed.

Runs in every process.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from shaperotator_magic.core.styles.colors import MANIM_COLORS, parse_color, to_rgb
from shaperotator_magic.core.styles.contrast import measure_luminance
from shaperotator_magic.core.styles.pack import Colors, StylePack
from shaperotator_magic.core.styles.palette import build_palette, keep_contrast

_LITERAL = re.compile(r"(?<=[\"'])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?=[\"'])")
_BACKGROUND = re.compile(
    r"background_color[\"']?\s*[:=]\s*(?:[\"'](?P<literal>#[0-9a-fA-F]{3,6}|\w+)[\"']|(?P<name>\w+))"
)
_LIGHT = 0.4


def build_look(pack: StylePack | None, source: str) -> dict[str, Any] | None:
    """Return how a scene is drawn in a pack, None where manim's own look is wanted.

    Parameters
    ----------
    source
        The scene's: what it makes of a light background of its own, the pack's colours take over.
    """
    if pack is None or not pack.digest:
        return None
    colors = pack.colors
    backgrounds = list(_find_backgrounds(source))
    is_reversed = any(measure_luminance(to_rgb(color)) > _LIGHT for _, color in backgrounds)
    palette = build_palette(colors, is_reversed=is_reversed)
    own = {written for written, _ in backgrounds if written.startswith("#")}
    names = {file: name for name, file in pack.files}
    mark = None
    if pack.mark is not None:
        mark = asdict(pack.mark)
        mark["image"] = names[pack.mark.image] if pack.mark.image else ""
    return {
        "palette": palette,
        "background": colors.background,
        "grid": colors.grid,
        "literals": _map_literals(colors, source, own, is_reversed=is_reversed),
        "line_width": pack.line_width,
        "least_contrast": pack.least_contrast,
        "font": pack.fonts.text,
        "formula_font": pack.fonts.formulas,
        "font_files": [names[path] for path in pack.fonts.files],
        "sizes": asdict(pack.sizes),
        "mark": mark,
        "title": pack.title,
        "caption": pack.caption,
    }


def _find_backgrounds(source: str) -> Iterable[tuple[str, str]]:
    """Yield the backgrounds that a source sets, as they are written and as ``#RRGGBB``."""
    for found in _BACKGROUND.finditer(source):
        written = found["literal"] or found["name"]
        name = written.upper().replace("GREY", "GRAY")
        color = MANIM_COLORS.get(name) or parse_color(written if written[0] == "#" else None)
        if color:
            yield written, color


def _map_literals(
    colors: Colors, source: str, backgrounds: Iterable[str], *, is_reversed: bool
) -> dict[str, str]:
    """Return the colours that a source writes as numbers, with those to draw in their place."""
    whole = build_palette(colors, is_reversed=is_reversed, is_whole=True)
    by_value = {MANIM_COLORS[name]: color for name, color in whole.items()}
    made: dict[str, str] = {}
    for written in set(_LITERAL.findall(source)):
        color = parse_color(written)
        assert color is not None  # noqa: S101 - the expression takes nothing else
        if written in backgrounds:
            made[written] = colors.background
        elif color in by_value:
            made[written] = by_value[color]
        else:
            made[written] = keep_contrast(colors, color, is_reversed=is_reversed)
    return {written: color for written, color in made.items() if parse_color(written) != color}
