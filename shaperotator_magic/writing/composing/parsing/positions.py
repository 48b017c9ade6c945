"""Where things are and where they go: sides, points, relations, arrangements. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable

from shaperotator_magic.writing.composing.parsing.phrases import read_phrase, starts_phrase
from shaperotator_magic.writing.composing.parsing.quantities import (
    read_list,
    read_points,
    set_range,
)
from shaperotator_magic.writing.composing.parsing.state import SKIPPED, Reading
from shaperotator_magic.writing.composing.plan import Place, Ref, Step, Thing
from shaperotator_magic.writing.composing.tables.things import THINGS

_SIDES = {"above": (0, 1), "below": (0, -1), "left": (-1, 0), "right": (1, 0)}
# Behind 'in' or 'on', these are read by themselves.
_READ_ALONE = frozenset(
    {"side", "measure", "arrange", "coloured", "point", "rainbow", "relation", "mark", "axis"}
)


def read_from(reading: Reading) -> bool:
    """'from -2 to 2', 'from (0, 0) to (2, 1)', 'from the left', 'from red to blue'."""
    reading.take()
    reading.skip()
    reader = _FROM.get(reading.peek().kind)
    return reader(reading) if reader is not None else _read_joined(reading)


def _read_joined(reading: Reading) -> bool:
    """'an arrow from the circle to the square' joins them."""
    noun, line = reading.noun, reading.named
    start = read_phrase(reading)
    if not start or line is None or THINGS[line.kind].family != "line":
        return bool(start)
    reading.skip("to", "and")
    end = read_phrase(reading)
    reading.noun = noun
    if end:
        line.place = Place(relation="joining", others=(*start[:1], *end[:1]))
    return bool(end)


def _read_range(reading: Reading) -> bool:
    low = float(str(reading.take().value))
    if reading.peek().kind != "to" or reading.peek(1).kind != "number":
        return True
    reading.take()
    return set_range(reading, (low, float(str(reading.take().value))))


def _read_from_side(reading: Reading) -> bool:
    side, step = reading.take().value, reading.step
    assert isinstance(side, tuple)  # noqa: S101 - the table of places ensures it
    if reading.peek().kind == "to" and step is not None and step.act == "move":
        return _start_at(reading, step, Place(side=side))
    return _enter_from(reading, side)


def _read_from_colour(reading: Reading) -> bool:
    colour = reading.take().value
    if reading.named is not None:
        reading.named.looks["colour"] = colour
    return reading.named is not None


def _read_ends(reading: Reading) -> bool:
    start = reading.take().value
    end = None
    if reading.peek().kind in {"to", "and"} and reading.peek(1).kind == "point":
        reading.take()
        end = reading.take().value
    thing, step = reading.named, reading.step
    if step is not None and step.act in {"move", "follow"}:
        _start_at(reading, step, Place(point=start))  # type: ignore[arg-type]
        step.place = Place(point=end) if end else None  # type: ignore[arg-type]
        return True
    if thing is None or end is None or THINGS[thing.kind].family != "line":
        return False
    thing.points = (start, end)  # type: ignore[assignment]
    return True


def _start_at(reading: Reading, step: Step, place: Place) -> bool:
    for ref in step.targets:
        reading.thing(ref).place = place
    return True


def _enter_from(reading: Reading, side: object) -> bool:
    step = reading.step or (reading.plan.steps[-1] if reading.plan.steps else None)
    if step is None:
        return False
    if step.act in {"move", "introduce"}:
        step.act = "appear"
        _drop_introduction(reading, step)
    step.side = side  # type: ignore[assignment]
    return True


def _drop_introduction(reading: Reading, step: Step) -> None:
    """What comes in by a step of its own is not there before."""
    for earlier in list(reading.plan.steps):
        if earlier is not step and earlier.act == "introduce":
            earlier.targets = tuple(ref for ref in earlier.targets if ref not in step.targets)
            if not earlier.targets:
                reading.plan.steps.remove(earlier)


def read_side(reading: Reading) -> bool:
    """'left', 'top right corner': where something goes, else where it is."""
    side, step = reading.take().value, reading.step
    assert isinstance(side, tuple)  # noqa: S101 - the table of places ensures it
    effect = reading.effect_of(step)
    if step is not None and effect not in {"moves", "goes", "comes"} and reading.is_reference:
        return step.act == "bounce"  # up and down
    if step is None or effect not in {"moves", "goes"}:
        return set_place(reading, Place(side=side))
    if step.side not in {None, side} and reading.plan.steps[-1] is step:
        step = reading.add_step(Step("move", step.targets))  # 'moves up, left and down'
    step.side = side
    return True


def set_place(reading: Reading, place: Place) -> bool:
    """Put what was named last somewhere: its own place, or where the step takes it."""
    step = reading.step
    if step is not None and reading.effect_of(step) == "moves" and step.place is None:
        step.place = place
        return True
    if not reading.noun:
        return False
    for ref in reading.noun:
        thing = reading.thing(ref)
        thing.place = place
    return True


def read_point(reading: Reading) -> bool:
    """A pair or triple of coordinates."""
    point = reading.take().value
    thing = reading.named
    assert isinstance(point, tuple)  # noqa: S101 - the tokens ensure it
    if thing is not None and _begins_corners(reading, thing):
        thing.points = (point, *read_points(reading))
        return len(thing.points) > 2  # noqa: PLR2004 - a polygon
    if (thing is not None and thing.kind in {"points", "graph"}) or (
        thing is not None and thing.points
    ):
        thing.points = (*thing.points, point)
        return True
    if thing is not None and THINGS[thing.kind].family == "line" and reading.step is None:
        thing.points = ((0.0, 0.0), point)
        return True
    if reading.step is not None and reading.step.act == "turn":
        reading.step.place = Place(point=point)
        return True
    return set_place(reading, Place(point=point))


def _begins_corners(reading: Reading, thing: Thing) -> bool:
    """Whether points that follow one another are the corners: 'a triangle (0, 0), (3, 0), …'."""
    is_flat = THINGS[thing.kind].family == "flat" and thing.kind != "dot"
    return is_flat and not thing.points and reading.peek_past("comma", "and").kind == "point"


def read_relation(reading: Reading) -> bool:
    """'inside the square', 'between them', 'above'; of a new thing, or of what a step moves."""
    relation = str(reading.take().value)
    noun = reading.noun
    if relation == "between" and reading.peek().kind == "list":
        return read_list(reading)
    if relation == "between" and reading.peek().kind == "number" and not starts_phrase(reading):
        return _read_between_numbers(reading)
    others = read_others(reading, relation)
    if not others:
        others = tuple(ref for ref in reading.list_shown() if ref not in noun)[:1]
    reading.noun = noun
    if others:
        return _relate(reading, Place(relation=relation, others=others))
    side = _SIDES.get(relation)
    return side is not None and set_place(reading, Place(side=side))


def read_others(reading: Reading, relation: str) -> tuple[Ref, ...]:
    """Read to what something is related; 'it' is not the thing itself."""
    noun = reading.noun
    is_pronoun = reading.peek_past("filler").kind == "pronoun"
    others = read_phrase(reading)
    if is_pronoun and set(others) & set(noun):
        others = tuple(ref for ref in reading.list_shown() if ref not in noun)[:1]
    if others and relation == "between" and reading.take_kind("and"):
        others = (*others, *read_phrase(reading))
    return others


def _relate(reading: Reading, place: Place) -> bool:
    """Put what moves, else what was named, into a relation to others."""
    step = reading.step
    if step is not None and step.targets and reading.effect_of(step) == "moves":
        step.place = place
        return True
    for ref in reading.noun:
        earlier = reading.thing(ref).place
        if earlier is not None and earlier.others:  # 'a star inside a circle inside a square'
            ref = earlier.others[-1]  # noqa: PLW2901 - the thing that was named last
        if ref not in place.others:
            reading.thing(ref).place = place
    return bool(reading.noun)


def _read_between_numbers(reading: Reading) -> bool:
    low = float(str(reading.take().value))
    if reading.peek().kind != "and" or reading.peek(1).kind != "number":
        return False
    reading.take()
    return set_range(reading, (low, float(str(reading.take().value))))


def read_arrangement(reading: Reading) -> bool:
    """'in a row': of a group that was named, or of all things that were."""
    token = reading.take()
    arrangement = str(token.value)
    groups = [ref for ref in reading.noun if reading.thing(ref).count > 1]
    if arrangement == "circle" and not groups and reading.step is not None:
        return _go_in_circle(reading, reading.step)
    if token.text.lower() in {"around a circle", "on a circle"} and not groups and reading.noun:
        circle = reading.add_thing(Thing("circle"))
        reading.introduce(circle)
        relation = "around" if token.text.lower().startswith("around") else "onto"
        return set_place(reading, Place(relation=relation, others=(circle,)))
    for ref in groups or reading.list_shown():
        reading.thing(ref).arrangement = arrangement
    return bool(reading.noun)


def _go_in_circle(reading: Reading, step: Step) -> bool:
    """'moves in a circle': along one that is drawn faintly."""
    if reading.effect_of(step) not in {"moves", "turns"}:
        return False
    path = reading.add_thing(Thing("circle", looks={"colour": "GREY", "fill": 0.0},
                                   measures={"radius": 2.0}))  # fmt: skip
    step.act, step.others = "follow", (path,)
    return True


def read_in(reading: Reading) -> bool:
    """'in the corner', 'in red', 'in the square', 'in 2 seconds', 'on a white background'."""
    reading.take()
    ahead = reading.peek_past(*SKIPPED).kind
    if ahead == "list":
        reading.skip()
        return read_list(reading)
    if ahead == "look" and reading.peek_past(*SKIPPED, "look").value == "text":
        return _read_letters_look(reading)
    if ahead == "size":
        return _read_in_grid(reading)
    is_bare = ahead in {"number", "colour"} and not starts_phrase(reading)
    if ahead in _READ_ALONE or is_bare:
        reading.skip()
        return True
    if reading.step is not None and reading.step.act == "zoom":
        reading.step.targets = read_phrase(reading) or reading.step.targets
        return bool(reading.step.targets)
    return _read_inside(reading)


def _read_in_grid(reading: Reading) -> bool:
    """'six squares in a 2x3 grid'."""
    reading.skip()
    size = reading.take().value
    reading.take_kind("thing", "arrange")
    assert isinstance(size, tuple)  # noqa: S101 - the tokens ensure it
    if reading.named is None or reading.named.count < 2:  # noqa: PLR2004 - a group
        return False
    reading.named.measures.update(rows=float(size[0]), columns=float(size[1]))
    reading.named.arrangement = "grid"
    return True


def _read_letters_look(reading: Reading) -> bool:
    """'in large letters'."""
    reading.skip()
    look = reading.take().value
    reading.take()
    assert isinstance(look, tuple)  # noqa: S101 - the table of looks ensures it
    if reading.named is not None:
        reading.named.looks[look[0]] = look[1]
    return reading.named is not None


def _read_inside(reading: Reading) -> bool:
    noun = reading.noun
    others = read_phrase(reading)
    if not others or not noun:
        return bool(others)
    reading.noun = noun
    if all(reading.row(ref).family in {"axes", "backdrop"} for ref in others):
        return True
    is_on = reading.thing(others[0]).kind in {"number_line", "line"}
    return _relate(reading, Place(relation="onto" if is_on else "inside", others=others))


_FROM: dict[str, Callable[[Reading], bool]] = {
    "number": _read_range, "point": _read_ends, "side": _read_from_side,
    "colour": _read_from_colour,
}  # fmt: skip
