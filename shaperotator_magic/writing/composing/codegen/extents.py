"""The dimensions of mobjects in units of manim's frame, and the places of a group's members. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math

from shaperotator_magic.writing.composing.plan import Thing
from shaperotator_magic.writing.composing.tables.flat import estimate_text, measure_points
from shaperotator_magic.writing.composing.tables.things import THINGS

HALF_WIDTH, HALF_HEIGHT = 6.6, 3.6  # without a margin
_TEXT_LINE = 26  # characters
_OVERLAP = 0.6  # of the width, from one to the next


def find_measures(thing: Thing, scale: float = 1.0) -> dict[str, float]:
    """Return a mobject's dimensions: asked for or the defaults, within bounds; then scaled."""
    size = float(str(thing.looks.get("size", 1.0)))
    found = {}
    for name, measure in THINGS[thing.kind].measures.items():
        value = thing.measures.get(name, measure.default * (size if measure.is_length else 1.0))
        found[name] = min(measure.high, max(measure.low, value)) * (
            scale if measure.is_length else 1.0
        )
    return found


def list_clipped(thing: Thing) -> list[str]:
    """Return what was asked beyond bounds: 'radius 50 (at most 3.5)', a point off the frame."""
    outside = []
    point = thing.place.point if thing.place is not None else None
    if point is not None and len(point) > 1 and not is_in_frame(point):
        outside = [f"({point[0]:g}, {point[1]:g}) (outside of the frame)"]
    return outside + [
        f"{name} {thing.measures[name]:g} (at most {measure.high:g})"
        if thing.measures[name] > measure.high
        else f"{name} {thing.measures[name]:g} (at least {measure.low:g})"
        for name, measure in THINGS[thing.kind].measures.items()
        if name in thing.measures and not measure.low <= thing.measures[name] <= measure.high
    ]


def is_in_frame(point: tuple[float, ...]) -> bool:
    """Whether a point can be seen."""
    return abs(point[0]) <= HALF_WIDTH + 1 and abs(point[1]) <= HALF_HEIGHT + 1


def break_text(text: str) -> str:
    """Return a text in lines that fit the frame."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= _TEXT_LINE:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def measure_one(thing: Thing, scale: float = 1.0) -> tuple[float, float]:
    """Return width and height on the screen of one thing."""
    row, measures = THINGS[thing.kind], find_measures(thing, scale)
    if row.family == "text":
        return estimate_text(break_text(thing.text), measures["size"])
    if row.family in {"line", "flat"} and len(thing.points) > 1:
        return measure_points(thing.points)
    box = row.box(measures)
    if "pointing" in thing.looks and thing.looks["pointing"][0] == 0:  # type: ignore[index]
        return box[1], box[0]
    if row.family == "solid":
        return math.hypot(box[0], box[1]) * 0.95, box[2] + 0.35 * box[1]
    label = 0.5 if thing.label and min(box) < 1.2 else 0.0  # noqa: PLR2004 - room for a label
    return max(box[0], label), box[1] + label


def arrange(thing: Thing, width: float, height: float, scale: float) -> list[tuple[float, float]]:
    """Return the centres of the members of a group about its own centre."""
    count = thing.count
    gap = (0.4 if max(width, height) > 0.5 else 0.8) * scale  # noqa: PLR2004 - dots
    dx, dy = width + gap, height + gap
    if thing.arrangement == "column":
        return [(0.0, dy * ((count - 1) / 2 - k)) for k in range(count)]
    if thing.arrangement == "circle":
        reach = max(dx, dy) * count / (2 * math.pi) if count > 2 else max(dx, dy) / 2  # noqa: PLR2004
        reach = max(reach, 2.4 * scale)
        turns = [math.pi / 2 - 2 * math.pi * k / count for k in range(count)]
        return [(reach * math.cos(t), reach * math.sin(t)) for t in turns]
    if thing.arrangement == "concentric":
        return [(0.0, 0.0)] * count
    if thing.arrangement == "overlapping":
        return [(_OVERLAP * width * (k - (count - 1) / 2), 0.0) for k in range(count)]
    if thing.arrangement == "diagonal":
        return [(dx * (k - (count - 1) / 2), -dy * (k - (count - 1) / 2)) for k in range(count)]
    columns = count
    if thing.arrangement == "grid" or count > 12:  # noqa: PLR2004 - more do not fit a row
        columns = int(thing.measures.get("columns", 0)) or math.ceil(math.sqrt(count * 1.6))
        if thing.measures.get("rows") and not thing.measures.get("columns"):
            columns = math.ceil(count / int(thing.measures["rows"]))
        if thing.arrangement == "grid" and not thing.measures and math.isqrt(count) ** 2 == count:
            columns = math.isqrt(count)
    rows = math.ceil(count / columns)
    return [
        (dx * (k % columns - (columns - 1) / 2), dy * ((rows - 1) / 2 - k // columns))
        for k in range(count)
    ]
