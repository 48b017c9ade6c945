"""The tables of positions: sides of the frame, relations, arrangements. Pure data.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

_SIDES = {
    (-1, 0): "left|left side|left edge|left half",
    (1, 0): "right|right side|right edge|right half",
    (0, 1): "top|up|upwards|upward|upper edge|top edge|top side|upper half|top half",
    (0, -1): "bottom|down|downwards|downward|lower edge|bottom edge|bottom side|lower half",
    (0, 0): "centre|center|middle|origin|middle of the screen|centre of the screen|"
    "center of the screen|middle of the frame|center of the frame|centre of the frame",
}
_CORNERS = {
    (x, y): [f"{b} {a}" for a in sides for b in heights]
    + [f"{a} {b}" for a in sides for b in heights]
    for x, sides in ((-1, ("left",)), (1, ("right",)))
    for y, heights in ((1, ("top", "upper")), (-1, ("bottom", "lower")))
}

SIDES: dict[str, tuple[int, int]] = {
    word: side for side, words in _SIDES.items() for word in words.split("|")
}
for _corner, _words in _CORNERS.items():
    for _word in _words:
        SIDES.update({_word: _corner, f"{_word} corner": _corner, f"{_word} hand corner": _corner})
_SPOKEN = {(-1, 0): "left", (1, 0): "right", (0, 1): "top", (0, -1): "bottom"}
SIDE_NAMES = {
    **_SPOKEN,
    **{corner: words[0] for corner, words in _CORNERS.items()},
    (0, 0): "centre",
}

# What stands before another thing: 'left of the circle'.
RELATIONS: dict[str, str] = {
    **dict.fromkeys(("left of", "to the left of", "on the left of"), "left"),
    **dict.fromkeys(("right of", "to the right of", "on the right of", "next to", "beside",
                     "alongside", "by the side of"), "right"),
    **dict.fromkeys(("above", "over", "on top of", "atop"), "above"),
    **dict.fromkeys(("below", "under", "beneath", "underneath"), "below"),
    **dict.fromkeys(("inside", "inside of", "within", "in the middle of", "in the centre of",
                     "in the center of", "inscribed in"), "inside"),
    **dict.fromkeys(("around", "surrounding", "enclosing", "outside", "containing",
                     "circumscribed around", "circumscribed about"), "around"),
    "between": "between",
}  # fmt: skip

ARRANGEMENTS: dict[str, str] = {
    **dict.fromkeys(("in a row", "in a line", "side by side", "in one row", "in one line",
                     "row of", "a row of", "next to each other", "lined up",
                     "horizontally", "beside each other"), "row"),
    **dict.fromkeys(("in a column", "stacked", "column of", "a column of", "stack of",
                     "on top of each other", "vertically", "above each other", "parallel",
                     "below each other"), "column"),
    **dict.fromkeys(("in a grid", "grid of", "in rows and columns", "lattice of",
                     "array of"), "grid"),
    **dict.fromkeys(("in a circle", "around a circle", "in a ring",
                     "on a circle", "evenly on a circle"), "circle"),
    **dict.fromkeys(("concentric", "nested"), "concentric"),
    **dict.fromkeys(("overlapping", "overlap", "overlaps", "that overlap", "overlapped",
                     "interlocking", "intersecting", "that intersect",
                     "overlapping each other"), "overlapping"),
    **dict.fromkeys(("diagonally", "along a diagonal"), "diagonal"),
}  # fmt: skip
