"""The entries of all tables with sentences that use them. Pure.

For the page of what is understood, for tests and for contact sheets.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator

from shaperotator_magic.writing.composing.tables.happenings import HAPPENINGS
from shaperotator_magic.writing.composing.tables.looks import COLOURS, COMPARED, LOOKS
from shaperotator_magic.writing.composing.tables.places import ARRANGEMENTS, RELATIONS, SIDES
from shaperotator_magic.writing.composing.tables.rows import add_article
from shaperotator_magic.writing.composing.tables.things import THINGS

LOOK_EXAMPLES = (
    "a filled circle",
    "a hollow square",
    "a transparent triangle",
    "a dashed circle",
    "a thick line",
    "a thin arrow",
    "a huge star",
    "a tiny square",
    "a #ff8800 hexagon",
    "a blue circle with a red outline",
    "a circle labelled A",
    "a yellow star on a white background",
    "three squares in different colours",
    "a small red square and a large blue circle",
    "three circles labelled A, B and C",
)
PLACE_EXAMPLES = (
    "a square in the top left corner and a circle in the bottom right corner",
    "a dot at (2, 1) and a star at (-3, -2)",
    "5 circles in a row",
    "4 squares in a column",
    "a 3x4 grid of dots",
    "8 dots in a circle",
    "three concentric circles",
    "4 squares diagonally",
    "a circle inside a square",
    "a triangle next to a square",
    "a star above a circle",
    "a star below a circle",
    "a dot to the left of a square",
    "a square around a circle",
    "a star between two circles",
    "a dot in the centre",
)
ORDER_EXAMPLES = (
    "draw a square, then rotate it while a circle appears",
    "a circle and a square; the circle moves up while the square moves down",
    "three squares appear, then the second one turns red",
    "draw a circle, after 2 seconds it becomes a star",
    "a triangle rotates slowly for 4 seconds, then it disappears",
    "a square rotates while it moves to the right",
)
_SPOKEN_MEASURES = {
    "side": "side length",
    "edge": "edge length",
    "size": "size",
    "corners": "corners",
    "petals": "petals",
}


def list_examples() -> list[str]:
    """Return sentences that use every entry of the tables of things and happenings."""
    things = [example for row in THINGS.values() for example in row.examples]
    acts = [example for row in HAPPENINGS for example in row.examples]
    return [*things, *acts, *LOOK_EXAMPLES, *PLACE_EXAMPLES, *ORDER_EXAMPLES]


def list_extremes() -> list[str]:
    """Return sentences with both ends of the range of every measure of every thing."""
    return [*_list_measured(), *_list_counted()]


def _list_measured() -> Iterator[str]:
    for row in THINGS.values():
        if row.family in {"text", "backdrop", "chart"}:
            continue
        noun = add_article(row.words[0])
        for name, measure in row.measures.items():
            for value in (measure.low, measure.high):
                if name in {"corners", "petals"}:
                    yield f"{noun} with {value:g} {name}"
                elif name == "angle":
                    yield f"{noun} of {value:g} degrees"
                else:
                    yield f"{noun} with {_SPOKEN_MEASURES.get(name, name)} {value:g}"


def _list_counted() -> Iterator[str]:
    for arrangement in ("in a row", "in a column", "in a grid", "in a circle"):
        yield f"2 hexagons {arrangement}"
        yield f"40 hexagons {arrangement}"
    yield "write 'A'"
    yield "write '" + "many words of one long sentence " * 5 + "end'"
    for colour in sorted(set(COLOURS)):
        yield f"a {colour} square"


def list_words() -> dict[str, list[str]]:
    """Return the phrases for appearances and positions, by kind."""
    return {
        "colours": sorted(COLOURS),
        "other looks": sorted(LOOKS),
        "compared": sorted(COMPARED),
        "sides": sorted(SIDES),
        "relations": sorted(RELATIONS),
        "arrangements": sorted(ARRANGEMENTS),
    }
