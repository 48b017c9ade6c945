"""What manim's colour names mean in a pack: its accents by meaning, with their lighter tones. Pure.

Manim's tones A to E run from near to the text's colour to near to the background's, on black. In a
pack they keep their distance from its background, by contrast, so that what was a faint fill stays
one and what was a bright word stays readable.

Runs in every process.
"""

from __future__ import annotations

import functools
import math

from shaperotator_magic.core.styles.colors import MANIM_COLORS, mix, to_rgb
from shaperotator_magic.core.styles.contrast import VISIBLE_CONTRAST, measure_contrast
from shaperotator_magic.core.styles.pack import Colors

FAMILIES = {
    "primary": "BLUE",
    "secondary": "PURPLE",
    "positive": "GREEN",
    "negative": "RED",
    "highlight": "YELLOW",
    "warning": "ORANGE",
}
# Families between two accents: the meanings and the share of the second one.
_BETWEEN = {
    "TEAL": ("primary", "positive", 0.55),
    "GOLD": ("highlight", "warning", 0.5),
    "MAROON": ("negative", "secondary", 0.45),
    "PINK": ("negative", "secondary", 0.6),
    "LIGHT_BROWN": ("warning", "highlight", 0.3),
}
_PURE = {
    "PURE_BLUE": "BLUE",
    "PURE_GREEN": "GREEN",
    "PURE_RED": "RED",
    "PURE_YELLOW": "YELLOW",
    "PURE_CYAN": "TEAL",
    "PURE_MAGENTA": "PINK",
}
_TONES = {"DARK_BLUE": "BLUE", "LIGHT_PINK": "PINK", "DARK_BROWN": "LIGHT_BROWN"}
_NEUTRAL = ("GRAY_BROWN",)
_LARGEST_CONTRAST = 21.0
_STEPS = 12
_VISIBLE = 3.0  # what WCAG 2 asks of large text and of graphics
_FAINT = 1.8
_FAINT_SLACK = 1.25  # of the contrast that a faint fill has to the background
_TOLD_APART = 1.05 * VISIBLE_CONTRAST


def build_palette(
    colors: Colors, *, is_reversed: bool = False, is_whole: bool = False
) -> dict[str, str]:
    """Return manim's names with their colours, for those that differ from manim's.

    Parameters
    ----------
    is_reversed
        The scene is written for a light background: its white is the background.
    is_whole
        Return the colours that are manim's own, too.
    """
    accents = dict(colors.accents)
    made: dict[str, str] = dict(MANIM_COLORS)
    if (colors.background, colors.text) != ("#000000", "#FFFFFF") or is_reversed:
        made |= _build_neutrals(colors, is_reversed=is_reversed)
    bases = {family: accents[meaning] for meaning, family in FAMILIES.items() if meaning in accents}
    for family, (first, second, share) in _BETWEEN.items():
        if first in accents and second in accents:
            bases[family] = mix(accents[first], accents[second], share)
    given = dict(colors.palette)
    bases |= {family: given[family] for family in (*bases, *FAMILIES.values()) if family in given}
    for family, base in bases.items():
        made |= _build_family(colors, family, base)
    made |= {name: made[family] for name, family in _PURE.items() if family in bases}
    made |= given
    if is_whole:
        return made
    return {name: color for name, color in made.items() if color != MANIM_COLORS[name]}


def keep_contrast(colors: Colors, color: str, *, is_reversed: bool = False) -> str:
    """Return a colour of a scene as it may stay in a pack.

    It stays as it is where it can be seen as well as the scene's author saw it; otherwise it is
    moved towards the pack's text or background until its contrast is what it was.
    """
    author_saw = _measure(color, "#FFFFFF" if is_reversed else "#000000")
    here, wanted = _measure(color, colors.background), _scale(colors, author_saw)
    if author_saw >= _VISIBLE > here:
        return _find_tone(colors.background, color, colors.text, max(wanted, _VISIBLE))
    if author_saw < _FAINT and here > _FAINT_SLACK * wanted:
        return _find_tone(colors.background, colors.background, color, wanted)
    return color


def _build_neutrals(colors: Colors, *, is_reversed: bool) -> dict[str, str]:
    """Return text, background and the grays between, at manim's places between black and white."""
    white, black = colors.text, colors.background
    made = {"WHITE": black, "BLACK": white} if is_reversed else {"WHITE": white, "BLACK": black}
    behind = "#FFFFFF" if is_reversed else "#000000"
    for name, gray in MANIM_COLORS.items():
        if "GRAY" in name and name not in _NEUTRAL:
            contrast = _measure(gray, behind)
            # What words can be told by in manim stays so: GRAY_D is that of what stands back.
            wanted = max(_scale(colors, contrast), min(contrast, _TOLD_APART))
            made[name] = _find_tone(colors.background, colors.background, colors.text, wanted)
    made["GRAY_BROWN"] = made["GRAY_D"]
    return made


def _build_family(colors: Colors, family: str, base: str) -> dict[str, str]:
    tones = [name for name in MANIM_COLORS if name[:-2] == family and name[-2] == "_"]
    tones += [name for name, of in _TONES.items() if of == family]
    made = {family: base}
    middle = _measure(MANIM_COLORS[family], "#000000")
    here = _measure(base, colors.background)
    for name in tones:
        tone = _measure(MANIM_COLORS[name], "#000000")
        wanted = here * math.exp(_find_exponent(colors) * math.log(tone / middle))
        end = colors.text if wanted > here else colors.background
        made[name] = base if name.endswith("_C") else _approach(colors, base, end, wanted)
    return made


def _approach(colors: Colors, base: str, end: str, wanted: float) -> str:
    if end == colors.text:
        return _find_tone(colors.background, base, end, wanted)
    return _find_tone(colors.background, end, base, wanted)


@functools.cache
def _find_exponent(colors: Colors) -> float:
    """How much of the span of contrasts, which is 21 for black and white, the pack has."""
    span = _measure(colors.text, colors.background)
    return math.log(span) / math.log(_LARGEST_CONTRAST)


def _scale(colors: Colors, contrast: float) -> float:
    return math.exp(_find_exponent(colors) * math.log(contrast))


def _find_tone(background: str, near: str, far: str, wanted: float) -> str:
    """Return the mixture of two colours that has a contrast; ``far`` has the larger one."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _measure(mix(near, far, middle), background) < wanted:
            low = middle
        else:
            high = middle
    return mix(near, far, high)


def _measure(color: str, background: str) -> float:
    return measure_contrast(to_rgb(color), to_rgb(background))
