"""Boxes, colours and the grid of cells that describes positions. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterable

from shaperotator_magic.core.records import Box
from shaperotator_magic.core.styles.contrast import Colour

COLUMNS, ROWS = "ABCDEF", 4


def unite(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around all."""
    rows = list(zip(*boxes, strict=True))
    return min(rows[0]), min(rows[1]), max(rows[2]), max(rows[3])


def measure_area(box: Box) -> float:
    """Return the area; at least that of a hairline, so that it can be divided by."""
    return max(1e-6, (box[2] - box[0]) * (box[3] - box[1]))


def measure_shared(a: Box, b: Box) -> float:
    """Return the area of the part that two boxes share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def touches(a: Box, b: Box) -> bool:
    """Return whether two boxes meet; a line's box may have no area."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def holds(outer: Box, inner: Box, *, slack: float = 0.02) -> bool:
    """Return whether ``inner`` lies within ``outer``, give or take ``slack``."""
    return (
        outer[0] <= inner[0] + slack
        and outer[1] <= inner[1] + slack
        and outer[2] >= inner[2] - slack
        and outer[3] >= inner[3] - slack
    )


def shrink(box: Box, *, inset: float) -> Box:
    """Return the box without a margin of ``inset`` on every side."""
    return box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset


def lies_in(x: float, y: float, box: Box) -> bool:
    """Return whether a point lies within a box."""
    return box[0] < x < box[2] and box[1] < y < box[3]


def measure_overhang(box: Box, frame_size: tuple[float, float]) -> tuple[float, str]:
    """Return how far a box reaches out of the frame, and over which edge; else 0 or less."""
    half_width, half_height = frame_size[0] / 2, frame_size[1] / 2
    return max(
        (-half_width - box[0], "left"),
        (box[2] - half_width, "right"),
        (-half_height - box[1], "bottom"),
        (box[3] - half_height, "top"),
    )


def name_cells(box: Box, frame_size: tuple[float, float]) -> str:
    """Return the cells that a box lies in: ``B1`` or ``B1-D2``; A to F across, 1 to 4 downwards."""

    def find(x: float, y: float) -> tuple[int, int]:
        column = int((x / frame_size[0] + 0.5) * len(COLUMNS))
        row = int((0.5 - y / frame_size[1]) * ROWS)
        return min(max(column, 0), len(COLUMNS) - 1), min(max(row, 0), ROWS - 1)

    (left, top), (right, bottom) = find(box[0], box[3]), find(box[2], box[1])
    first, last = f"{COLUMNS[left]}{top + 1}", f"{COLUMNS[right]}{bottom + 1}"
    return first if first == last else f"{first}-{last}"


def mix(over: Colour, under: Colour, opacity: float) -> Colour:
    """Return the colour that is seen where one lies over another."""
    red, green, blue = (o * opacity + u * (1 - opacity) for o, u in zip(over, under, strict=True))
    return red, green, blue
