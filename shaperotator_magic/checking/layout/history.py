"""Rules on the whole course of a scene: labels whose mobject is long gone. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from shaperotator_magic.checking.layout.geometry import touches, unite
from shaperotator_magic.checking.layout.picture import Fault
from shaperotator_magic.core.records import Box, Drawn, Moment, Rehearsal

_BESIDE = 0.45  # how near a label lies to what it names
_STAYS = 2  # further animations that show something new while the label still hangs there
_WIDEST_LABEL, _EDGE = 3.0, 2.7


def find_left_behind(rehearsal: Rehearsal) -> Iterator[tuple[Fault, int]]:
    """Yield the labels that stay where their only neighbour has been taken away, and the moment.

    A label is a short text that came beside one single shape, not at the frame's top or bottom,
    where titles and captions are. It is left behind if that shape goes, the label itself never
    changes again, and new mobjects appear while nothing else is near it.
    """
    ends = [(n, moment) for n, moment in enumerate(rehearsal.moments) if moment.at == 1]
    pictures = [(n, _gather(rehearsal, moment)) for n, moment in ends]
    for at, ((_, before), (_, here)) in enumerate(pairwise(pictures)):
        for identity in here.keys() - before.keys():
            label = here[identity]
            if _may_be_label(label):
                left = _follow(label, here, pictures[at + 2 :])
                if left is not None:
                    yield left
    if pictures:
        _, first = pictures[0]
        for label in filter(_may_be_label, first.values()):
            left = _follow(label, first, pictures[1:])
            if left is not None:
                yield left


Picture = dict[int, Drawn]


def _gather(rehearsal: Rehearsal, moment: Moment) -> Picture:
    things = [rehearsal.things[number] for number in moment.things]
    return {thing.identity: thing for thing in things}


def _may_be_label(thing: Drawn) -> bool:
    box = unite(thing.boxes)
    is_short = bool(thing.text) and box[2] - box[0] < _WIDEST_LABEL
    return is_short and not thing.is_on_plane and max(abs(box[1]), abs(box[3])) < _EDGE


def _follow(
    label: Drawn, here: Picture, later: list[tuple[int, Picture]]
) -> tuple[Fault, int] | None:
    neighbours = [thing for thing in here.values() if _is_beside(thing, label)]
    if len({thing.line for thing in neighbours}) != 1 or any(t.text for t in neighbours):
        return None
    gone_at = None
    known = set(here)
    arrivals = 0
    for number, picture in later:
        if picture.get(label.identity) != label:
            return None
        if any(thing.identity in picture for thing in neighbours):
            known |= picture.keys()
            continue
        gone_at = number if gone_at is None else gone_at
        if any(_is_beside(thing, label) for thing in picture.values()):
            return None
        arrivals += bool(picture.keys() - known)
        known |= picture.keys()
    if gone_at is None or arrivals < _STAYS:
        return None
    return (
        Fault(
            "left-behind",
            "stays after what it names has gone:",
            "FadeOut it together with what it belongs to.",
            label,
            neighbours[0],
        ),
        gone_at,
    )


def _is_beside(thing: Drawn, label: Drawn) -> bool:
    if thing.identity == label.identity or thing.is_on_plane:
        return False
    return touches(_widen(unite(label.boxes)), unite(thing.boxes))


def _widen(box: Box) -> Box:
    return box[0] - _BESIDE, box[1] - _BESIDE, box[2] + _BESIDE, box[3] + _BESIDE
