"""Numbers behind a thing or a happening: measures, angles, durations, ranges, lists. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math

from shaperotator_magic.writing.composing.parsing.phrases import starts_phrase
from shaperotator_magic.writing.composing.parsing.state import Reading
from shaperotator_magic.writing.composing.plan import Place, Ref, Thing
from shaperotator_magic.writing.composing.tables.things import THINGS

_LONGEST_S, _MOST_TIMES = 20.0, 6
_SECONDS = {"seconds": 1.0, "minutes": 60.0}
_OF_AXES = {"semi axes": ("semi major", "semi minor"), "axes": ("width", "height")}
_MOST_SLICES = 12
_OF_NUMBERS = frozenset({"bar_chart", "pie_chart"})
_TURNED = {"degrees": 1.0, "radians": 57.29577951308232, "turns": 360.0}


def read_number(reading: Reading) -> bool:
    """A number with a unit, with a measure, before a thing, or alone."""
    following = reading.peek(1)
    if following.kind == "unit":
        number = float(str(reading.take().value))
        return _take_with_unit(reading, number, str(reading.take().value))
    if following.kind == "act" and following.value == "turn" and reading.step is not None:
        number = float(str(reading.take().value))
        reading.take()
        return _take_with_unit(reading, number, "turns")
    if following.kind == "rainbow" and not starts_phrase(reading):
        reading.take()
        return True
    if following.kind == "measure" and not _is_count_of_thing(reading):
        number = float(str(reading.take().value))
        return set_measure(reading, str(reading.take().value), number)
    if starts_phrase(reading):
        return False
    return _take_bare(reading, float(str(reading.take().value)))


def _is_count_of_thing(reading: Reading) -> bool:
    """'7 sided polygon' is a phrase of its own."""
    return starts_phrase(reading) and reading.peek(2).kind in {"thing", "colour", "look"}


def _take_with_unit(reading: Reading, number: float, unit: str) -> bool:
    if unit in _SECONDS:
        return _set_duration(reading, number * _SECONDS[unit])
    if unit in _TURNED:
        return _turn_by(reading, number * _TURNED[unit])
    if unit == "times":
        return _repeat(reading, number)
    if unit == "percent":
        return _take_percent(reading, number)
    if reading.peek().kind == "measure":
        return set_measure(reading, str(reading.take().value), number)
    return _take_bare(reading, number)


def _turn_by(reading: Reading, degrees: float) -> bool:
    """An angle is that of a turn, or of an arc."""
    thing = reading.named
    if reading.step is None and thing is not None and "angle" in THINGS[thing.kind].measures:
        thing.measures["angle"] = degrees
        return True
    return _set_angle(reading, degrees)


def _repeat(reading: Reading, number: float) -> bool:
    step = reading.step
    if step is None:
        return False
    if step.act in {"grow", "shrink"} and reading.peek().kind != "end":
        step.amount = number
    else:
        step.times = max(1, min(_MOST_TIMES, round(number)))
    return True


def _take_percent(reading: Reading, number: float) -> bool:
    if reading.named is not None and reading.named.kind in _OF_NUMBERS:
        return _take_bare(reading, number)
    return _scale_by_percent(reading, number)


def _scale_by_percent(reading: Reading, number: float) -> bool:
    step = reading.step
    if step is None or step.act not in {"grow", "shrink"}:
        return False
    sign = 1 if step.act == "grow" else -1
    step.amount = max(0.05, 1 + sign * number / 100)
    return True


def read_duration(reading: Reading) -> bool:
    """'one second', where 'second' is no ordinal."""
    return _set_duration(reading, float(str(reading.take().value)))


def _set_duration(reading: Reading, seconds: float) -> bool:
    duration = min(_LONGEST_S, max(0.2, seconds))
    steps = reading.plan.steps
    if reading.step is not None:
        reading.step.duration_s = duration
    elif steps:
        steps[-1].duration_s = duration
    else:
        reading.speed_s = duration
    return True


def _set_angle(reading: Reading, degrees: float) -> bool:
    if reading.step is None or reading.step.act not in {"turn", "flip", "follow", "move"}:
        return False
    if reading.step.act != "follow":
        reading.step.act = "turn"
    sign = -1 if (reading.step.angle or 0) < 0 else 1
    reading.step.angle = sign * degrees
    return True


def _take_bare(reading: Reading, number: float) -> bool:
    step, thing = reading.step, reading.named
    if step is not None and step.act == "turn":
        step.angle = number
    elif step is not None and step.act in {"grow", "shrink", "move", "wait", "zoom", "zoom_out"}:
        if step.act == "wait":
            step.duration_s = min(_LONGEST_S, number)
        step.amount = number
    elif thing is not None and thing.kind == "dot" and (line := _find_line(reading)) is not None:
        thing.place = Place(relation="onto", others=(line,), point=(number,))
    elif thing is not None and thing.kind in {*_OF_NUMBERS, "table", "number_line"}:
        thing.numbers = (*thing.numbers, number)
    elif thing is not None and thing.kind == "text":
        thing.text = f"{thing.text} {number:g}"
    else:
        return False
    return True


def _find_line(reading: Reading) -> Ref | None:
    """Return the number line of the picture."""
    lines = (ref for ref in reading.list_shown() if reading.thing(ref).kind == "number_line")
    return next(lines, None)


def set_measure(reading: Reading, name: str, number: float) -> bool:
    """Give the thing that was named last a measure."""
    thing = reading.named
    if thing is None:
        return False
    row = THINGS[thing.kind]
    if name == "slices" and thing.kind == "pie_chart" and not thing.numbers:
        thing.numbers = (1.0,) * max(1, min(_MOST_SLICES, round(number)))
        return True
    if name in {"rows", "columns"} and (thing.kind == "table" or thing.arrangement):
        thing.measures[name] = number
        return True
    if name == "diameter":
        name, number = "radius", number / 2
    if name == "font":
        name = "size"
    if name == "side" and {"radius", "corners"} <= set(row.measures) and thing.kind != "star":
        corners = thing.measures.get("corners", row.measures["corners"].default)
        name, number = "radius", number / (2 * math.sin(math.pi / corners))
    if name not in row.measures:
        name, number = _translate(name, number, row.measures)
    if not name:
        return False
    thing.measures[name] = number
    return True


def _translate(name: str, number: float, known: object) -> tuple[str, float]:
    """Return the measure that an entry has for one that it lacks: a square's width is its side."""
    assert isinstance(known, dict)  # noqa: S101 - the rows ensure it
    others = {
        "side": (("edge", 1.0), ("radius", 1.0), ("width", 1.0)),
        "width": (("side", 1.0), ("radius", 0.5), ("length", 1.0), ("size", 1.0)),
        "height": (("side", 1.0), ("radius", 0.5), ("size", 1.0), ("length", 1.0)),
        "length": (("width", 1.0), ("edge", 1.0), ("side", 1.0)),
        "size": (("side", 1.0), ("radius", 0.5), ("edge", 1.0), ("width", 1.0), ("length", 1.0)),
        "radius": (("size", 2.0), ("side", 1.0)),
        "semi major": (("width", 2.0),),
        "semi minor": (("height", 2.0),),
    }.get(name, ())
    for other, factor in others:
        if other in known:
            return other, number * factor
    return "", 0.0


def read_measure(reading: Reading) -> bool:
    """'radius 2', 'side length of 3', 'rows 1 2 3 and 4 5 6'."""
    name = str(reading.take().value)
    reading.skip("of", "comma", "at")
    token = reading.peek()
    if token.kind == "number":
        reading.take()
        reading.take_kind("unit")
        if name == "corners" and reading.named and "corners" not in (
            THINGS[reading.named.kind].measures
        ):  # fmt: skip
            name = "side"
        return set_measure(reading, name, float(str(token.value)))
    if name == "corners" and token.kind == "point" and reading.named is not None:
        reading.named.points = read_points(reading)
        return True
    if name == "rows" and token.kind == "list":
        return read_list(reading)
    if name in _OF_AXES and token.kind == "list":
        return _set_axes(reading, _OF_AXES[name], reading.take().value)
    return name in {"size", "rows", "columns", "corners", "side", "edges"}


def _set_axes(reading: Reading, names: tuple[str, str], values: object) -> bool:
    """Give an ellipse both of its axes, or of its semi-axes."""
    assert isinstance(values, tuple)  # noqa: S101 - the tokens ensure it
    return len(values) == len(names) and all(
        set_measure(reading, name, float(value)) for name, value in zip(names, values, strict=True)
    )


def read_points(reading: Reading, *joints: str) -> tuple[tuple[float, ...], ...]:
    """Take the points that follow one another, with commas, 'and' or ``joints`` between."""
    points: list[tuple[float, ...]] = []
    while reading.peek_past("comma", "and", *joints).kind == "point":
        reading.skip("comma", "and", *joints)
        value = reading.take().value
        assert isinstance(value, tuple)  # noqa: S101 - the tokens ensure it
        points.append(value)
    return tuple(points)


def read_list(reading: Reading) -> bool:
    """Numbers one after another: bars, a row of a table, a range, the count of a group."""
    values = reading.take().value
    assert isinstance(values, tuple)  # noqa: S101 - the tokens ensure it
    numbers = tuple(float(str(value)) for value in values)
    thing = reading.named
    if thing is None:
        return False
    if thing.kind == "table":
        thing.rows = (*thing.rows, tuple(f"{number:g}" for number in numbers))
        return True
    if THINGS[thing.kind].is_plotted or thing.kind in {"number_line", "axes"}:
        return set_range(reading, numbers)
    if thing.kind in _OF_NUMBERS:
        return _add_numbers(thing, numbers)
    if len(numbers) == thing.count and thing.count > 1:
        thing.labels = tuple(f"{number:g}" for number in numbers)
        return True
    return False


def _add_numbers(thing: Thing, numbers: tuple[float, ...]) -> bool:
    """Give a chart its numbers; no slice of a pie is less than nothing."""
    if thing.kind == "pie_chart" and min(numbers) < 0:
        return False
    thing.numbers = (*thing.numbers, *numbers)
    return True


def set_range(reading: Reading, numbers: tuple[float, ...]) -> bool:
    """Give a graph or a number line its range, or points on it."""
    thing = reading.named
    if thing is None or len(numbers) < 2:  # noqa: PLR2004 - a pair
        return False
    if len(numbers) == 2 and numbers[0] < numbers[1] and thing.range is None:  # noqa: PLR2004
        for shown in reading.plan.things:
            if THINGS[shown.kind].is_plotted and shown.range is None:
                shown.range = (numbers[0], numbers[1])
        thing.range = (numbers[0], numbers[1])
        return True
    if thing.kind == "number_line":
        thing.numbers = (*thing.numbers, *numbers)
        return True
    return False


def read_rows(reading: Reading) -> bool:
    """A matrix of cells."""
    rows = reading.take().value
    assert isinstance(rows, tuple)  # noqa: S101 - the tokens ensure it
    if reading.named is None or reading.named.kind != "table":
        return False
    reading.named.rows = rows
    return True


def read_size(reading: Reading) -> bool:
    size = reading.take().value
    assert isinstance(size, tuple)  # noqa: S101 - the tokens ensure it
    thing = reading.named
    if thing is None:
        return False
    if thing.kind in {"rectangle", "ellipse", "rounded_rectangle", "cuboid"}:
        thing.measures.update(zip(("width", "height", "depth"), map(float, size), strict=False))
        return True
    if thing.kind == "table" or thing.count > 1 or thing.arrangement == "grid":
        thing.measures.update(rows=float(size[0]), columns=float(size[1]))
        thing.arrangement = thing.arrangement or "grid"
        if thing.kind != "table":
            thing.count = min(60, size[0] * size[1])
        return True
    return False
