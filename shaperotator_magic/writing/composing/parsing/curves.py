"""Phrases about curves and lines: how they are drawn, how they open, what they connect.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from itertools import pairwise

from shaperotator_magic.writing.composing.parsing.joints import read_while
from shaperotator_magic.writing.composing.parsing.phrases import read_phrase, starts_phrase
from shaperotator_magic.writing.composing.parsing.quantities import read_points
from shaperotator_magic.writing.composing.parsing.state import SKIPPED, Reading
from shaperotator_magic.writing.composing.plan import Equation, Place, Ref, Thing
from shaperotator_magic.writing.composing.tables.things import THINGS

_DRAWN_AS = {"surface": {"surface"}, "space_curve": {"space curve"},
             "graph": {"graph", "polar", "implicit", "parametric"}}  # fmt: skip
_LOOKS = frozenset({*SKIPPED, "colour", "look"})
_OPENED = {
    (0, 1): ("graph", ("x**2",), "y = x²"), (0, -1): ("graph", ("-x**2",), "y = −x²"),
    (1, 0): ("implicit", ("x - y**2",), "x = y²"), (-1, 0): ("implicit", ("x + y**2",), "x = −y²"),
}  # fmt: skip


def read_as(reading: Reading) -> bool:
    """'z = x y as a surface' describes a formula; else 'as' is 'while'."""
    equation = reading.named.equation if reading.named is not None else None
    is_said = reading.peek().text.lower() == "as" and equation is not None
    ahead = 1
    while reading.peek(ahead).kind in _LOOKS:
        ahead += 1
    if not is_said or str(reading.peek(ahead).value) not in _DRAWN_AS:
        return read_while(reading)
    reading.take()
    return read_kind_of_curve(reading)


def read_kind_of_curve(reading: Reading) -> bool:
    """Read 'a red surface' of a formula that was named."""
    thing = reading.named
    while reading.peek().kind in _LOOKS:
        token = reading.take()
        if token.kind == "colour" and thing is not None:
            thing.looks["colour"] = token.value
    kinds = _DRAWN_AS[str(reading.take().value)]
    return thing is not None and thing.equation is not None and thing.equation.kind in kinds


def read_opens(reading: Reading) -> bool:
    """'that opens downward', of a parabola."""
    reading.take()
    reading.skip("to", "in")
    token = reading.take_kind("side")
    return token is not None and open_parabola(reading.named, token.value)


def open_parabola(thing: Thing | None, side: object) -> bool:
    """Turn a parabola; nothing else opens to a side."""
    if thing is None or thing.kind != "parabola" or side not in _OPENED:
        return False
    assert isinstance(side, tuple)  # noqa: S101 - a key of the table
    thing.equation = Equation(*_OPENED[side])
    return True


# --- what is connected ----------------------------------------------------------------


def read_joins(reading: Reading) -> bool:
    """'connect the points (0, 0) and (1, 2)', 'two dots joined by a line', 'a line joining …'."""
    reading.take()
    points = _take_points(reading)
    if len(points) > 1:
        ref = _find_line(reading)
        if ref is None:
            ref = reading.add_thing(Thing("points"))
            reading.introduce(ref)
        thing = reading.thing(ref)  # 'lines joining (0, 0) and (1, 2)' are the path itself
        thing.kind, thing.count, thing.points = "points", 1, points
        thing.looks["joined"] = True
        reading.noun = reading.subject = (ref,)
        _take_line(reading)
        return True
    return _join_things(reading)


def _take_points(reading: Reading) -> tuple[tuple[float, ...], ...]:
    start = reading.at
    reading.skip("through", "from", "along")
    if reading.peek().value in {"dot", "points"}:
        reading.take()
    reading.skip("comma", "at")
    points = read_points(reading, "to", "with")
    if len(points) < 2:  # noqa: PLR2004 - a pair
        reading.at = start
    return points


def _take_line(reading: Reading) -> str:
    """Take 'by a line', 'with arrows'; return the kind of line, by default a plain one."""
    ahead = 0
    while reading.peek(ahead).kind in {*SKIPPED, "with", "by", "number", "look"}:
        ahead += 1
    kind = str(reading.peek(ahead).value)
    if ahead and kind in {"line", "arrow", "double_arrow"}:
        reading.at += ahead + 1
        return kind
    return ""


def _join_things(reading: Reading) -> bool:
    line = _find_line(reading)
    kind = _take_line(reading)
    refs = reading.noun if kind else ()
    while starts_phrase(reading):
        refs = (*refs, *(ref for ref in read_phrase(reading) if ref not in refs))
        if reading.peek().kind not in {"and", "to"}:
            break
        reading.take()
    ends = [end for ref in refs for end in _list_ends(reading, ref)]
    if len(ends) < 2:  # noqa: PLR2004 - a pair
        return False
    if line is not None and not kind and reading.thing(line).count == 1:
        reading.thing(line).place = Place(relation="joining", others=(ends[0], ends[1]))
        reading.noun = (line,)
        return True
    kind = kind or _take_line(reading) or "line"
    for start, end in pairwise(ends):
        place = Place(relation="joining", others=(start, end))
        reading.introduce(reading.add_thing(Thing(kind, place=place)))
    reading.noun = refs
    return True


def _find_line(reading: Reading) -> Ref | None:
    """Return the line that was named just before, as in 'a line joining …'."""
    last = reading.noun[-1] if reading.noun else None
    return last if last is not None and reading.row(last).family == "line" else None


def _list_ends(reading: Reading, ref: Ref) -> list[Ref]:
    """Return the single things of a reference; what is drawn over axes has no end."""
    if THINGS[reading.thing(ref).kind].family not in {"flat", "text"}:
        return []
    count = reading.thing(ref).count
    if count == 1 or ref.member is not None:
        return [ref]
    return [Ref(ref.thing, member) for member in range(count)]
