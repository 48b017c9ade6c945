"""Faults that are put into scenes that work, by seed: wrong calls, and flaws of the layout. Pure.

They are those that models make. Whether one is a fault in a scene is for its rehearsal to say.

Runs in a command's process.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

Fault = Callable[[str, random.Random], str | None]
"""Takes a source; returns it with a fault, or None where it has no place for it."""


def _swap(pattern: str, new: str) -> Fault:
    """Return a fault that changes one occurrence of a pattern."""

    def break_it(source: str, rng: random.Random) -> str | None:
        found = list(re.finditer(pattern, source))
        if not found:
            return None
        one = rng.choice(found)
        return source[: one.start()] + one.expand(new) + source[one.end() :]

    return break_it


def _misspell(source: str, rng: random.Random) -> str | None:
    """Swap two letters, drop one or double one, in a name of manim."""
    words = r"\b(?:next_to|move_to|to_edge|to_corner|arrange|FadeIn|FadeOut|Create|Write|Circle"
    words += r"|Square|Rectangle|Arrow|VGroup|set_color|shift|ReplacementTransform|font_size)\b"
    found = list(re.finditer(words, source))
    if not found:
        return None
    one = rng.choice(found)
    name = one[0]
    at = rng.randrange(1, len(name) - 1)
    spoilt = rng.choice(
        [
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
        ]
    )
    return source[: one.start()] + spoilt + source[one.end() :] if spoilt != name else None


_CONSTRUCT = r"(    def construct\(self\):\n(?:        \"\"\"[^\"]*\"\"\"\n)?)"

CALLS: dict[str, Fault] = {
    "ShowCreation": _swap(r"\bCreate\(", "ShowCreation("),
    "colour=": _swap(r"\bcolor=", "colour="),
    "set_colour": _swap(r"\.set_color\(", ".set_colour("),
    "FadeInFrom": _swap(r"\bFadeIn\((\w+)\)", r"FadeInFrom(\1, DOWN)"),
    "FadeInFromDown": _swap(r"\bFadeIn\((\w+)\)", r"FadeInFromDown(\1)"),
    "FadeOutAndShift": _swap(r"\bFadeOut\((\w+)\)", r"FadeOutAndShift(\1, UP)"),
    "FadeIn with a direction": _swap(r"\bFadeIn\((\w+)\)", r"FadeIn(\1, UP)"),
    "get_graph": _swap(r"\.plot\(", ".get_graph("),
    "play(method)": _swap(r"\b(\w+)\.animate\.(shift|move_to|set_color)\(([^()]*)\)", r"\1.\2, \3"),
    "run_time": _swap(r"\brun_time=", "runtime="),
    "manimlib": _swap(r"from manim import \*", "from manimlib.imports import *"),
    "no import of numpy": _swap(r"import numpy as np\n", ""),
    "font_sise": _swap(r"\bfont_size=", "font_sise="),
    "ShowCreationThenDestruction": _swap(r"\bFlash\(", "FlashAround("),
    "CONFIG": _swap(r"(    def construct)", r'    CONFIG = {"speed": 2}\n\n\1'),
    "FRAME_WIDTH": _swap(_CONSTRUCT, r"\1        half = FRAME_WIDTH / 2 + FRAME_Y_RADIUS\n"),
    "get_norm": _swap(_CONSTRUCT, r"\1        size = get_norm(UP)\n"),
    "misspelt": _misspell,
    "misspelt twice": lambda source, rng: _misspell(_misspell(source, rng) or source, rng),
}
"""Calls that fail: misspelt, of manimgl, or of an earlier manim."""

_AT_EDGE = r"\.to_edge\((UP|DOWN), buff=[\d.]+\)"
_SAID = r"self\.play\(\*replace_words\(self\.caption or VGroup\(\), (\w+)\)"

LAYOUT: dict[str, Fault] = {
    "old caption stays": _swap(_SAID, r"self.play(FadeIn(\1)"),
    "nothing is wiped": _swap(r"self\.wipe\(\)", "pass"),
    "moved to the middle": _swap(_AT_EDGE, ".shift(0.2 * UP)"),
    "pushed over the edge": _swap(_AT_EDGE, r".to_edge(\1, buff=-0.7)"),
    "far from the edge": _swap(_AT_EDGE, r".to_edge(\1, buff=2.4)"),
    "on what it names": _swap(
        r"\.next_to\(([^()]+), (\w+), buff=[\d.]+", r".next_to(\1, \2, buff=-0.4"
    ),
    "twice as large": _swap(
        r"(label\([^()]*\))\.(to_edge|next_to|move_to)\(", r"\1.scale(2.2).\2("
    ),
    "too small to read": _swap(r"\b(label\([^()]*, )(?:2\d|3\d|40)\b", r"\g<1>9"),
    "dark on black": _swap(r"\b(label\([^()]*, )(?:GREY_B|WHITE|YELLOW|BLUE)\b", r'\1"#1c1c1c"'),
    "rows too near": _swap(r"\.arrange\((\w+), buff=[\d.]+", r".arrange(\1, buff=-0.2"),
    "rows too far": _swap(r"\.arrange\((\w+), buff=[\d.]+", r".arrange(\1, buff=2.5"),
    "shifted out": _swap(r"\.move_to\(\[\*at, 0\]", ".move_to([6.2, 3.6, 0]"),
    "wider than the frame": _swap(
        r"text\.scale_to_fit_width\(width\) if text\.width > width",
        "text.scale_to_fit_width(16) if text.width > 6",
    ),
}
"""What a viewer would mind: words on words, at the edge, too small, too dark."""


def put_in(
    faults: Mapping[str, Fault], source: str, rng: random.Random, *, most: int
) -> tuple[str, tuple[str, ...]]:
    """Return a source with one to ``most`` faults, and their names; none where none has a place."""
    broken, names = source, []
    wanted = rng.randint(1, most)
    for name in rng.sample(sorted(faults), k=len(faults)):
        changed = faults[name](broken, rng)
        if changed is not None and changed != broken:
            broken = changed
            names.append(name)
        if len(names) == wanted:
            break
    return broken, tuple(names)
