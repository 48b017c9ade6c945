"""Phrases about the members of a group: 'one red and one blue', 'the first big'. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from dataclasses import replace

from shaperotator_magic.writing.composing.parsing.state import SKIPPED, Reading
from shaperotator_magic.writing.composing.plan import Thing
from shaperotator_magic.writing.composing.scanning.tokens import Token
from shaperotator_magic.writing.composing.tables.looks import PALETTE

_SIDES: dict[object, object] = {(-1, 0): 0, (1, 0): -1, (0, 1): 0, (0, -1): -1, (0, 0): "middle"}
_BETWEEN = frozenset({*SKIPPED, "with", "and", "comma"})
_BEHIND = frozenset({*SKIPPED, "one", "of", "pronoun"})
_PAIR = 2


def read_members(reading: Reading) -> bool:
    """'one red and one blue', 'the first is red and the other green', of a group named before."""
    thing = reading.named
    end = _find_look(reading) if thing is not None and thing.count > 1 else 0
    if thing is None or not end or _is_changed(reading):
        return False
    reading.at += end
    which = reading.tokens[reading.at - end : reading.at]
    look = reading.take()
    if look.kind == "look":
        return _split_pair(reading, thing, look.value)
    _colour_member(thing, _find_index(which, thing), str(look.value))
    return True


def _find_look(reading: Reading) -> int:
    """Return how many words ahead the colour of a member stands; 0 where none is named."""
    ahead = 0
    while reading.peek(ahead).kind in _BETWEEN:
        ahead += 1
    if reading.peek(ahead).kind not in {"one", "ordinal", "side"}:
        return 0
    ahead += 1
    while reading.peek(ahead).kind in _BEHIND:
        ahead += 1
    is_look = reading.peek(ahead).kind in {"colour", "look"}
    is_noun = reading.peek(ahead + 1).kind in {"thing", "one", "colour", "look"}
    return ahead if is_look and not is_noun else 0


def _is_changed(reading: Reading) -> bool:
    """Whether the colour is what something becomes: 'turns one red'."""
    return reading.step is not None and reading.effect_of(reading.step) == "recolours"


def _find_index(which: list[Token], thing: Thing) -> int | None:
    """Return which member is meant; None for the next one."""
    named = next((t for t in which if t.kind in {"ordinal", "side"}), None)
    value = None if named is None else _SIDES.get(named.value, named.value)
    if value == "middle":
        return thing.count // 2
    return value % thing.count if isinstance(value, int) else None


def _colour_member(thing: Thing, index: int | None, colour: str) -> None:
    if index is None:
        thing.colours.append(colour)
        return
    plain = str(thing.looks.get("colour", PALETTE[0]))
    thing.colours += [plain] * (thing.count - len(thing.colours))
    thing.colours[index] = colour


def _split_pair(reading: Reading, thing: Thing, look: object) -> bool:
    """'two stars, one big and one small': a pair of unlike things is two things."""
    end = _find_look(reading)
    other = reading.peek(end)
    if thing.count != _PAIR or not end or other.kind != "look":
        return False
    reading.at += end + 1
    assert isinstance(look, tuple) and isinstance(other.value, tuple)  # noqa: S101 - looks are
    second = replace(thing, count=1, looks={**thing.looks, other.value[0]: other.value[1]})
    thing.count, thing.looks = 1, {**thing.looks, look[0]: look[1]}
    first, ref = reading.noun[-1], reading.add_thing(second)
    for step in reading.plan.steps:
        if first in step.targets:
            step.targets = (*step.targets, ref)
    reading.noun = (first, ref)
    return True
