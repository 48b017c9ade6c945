"""Hints about the values of a sentence, beside the cues around them. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shaperotator_magic.writing.assigning.slots import Slot
from shaperotator_magic.writing.reading.quantities import find_unit
from shaperotator_magic.writing.reading.values import Value

ALIKE = {
    "vector": ("vector", "point", "list", "complex", "shape", "range"),
    "list": ("list", "vector", "point", "shape"),
}
PAIRED = re.compile(
    r"\s*(?:[,;]?\s*(?:and|und|y|et|e|by|x|×|&|和|と)|[,;/:])?\s*"
    r"(?:[a-z][0-9₀-₉]?\s*=\s*)?",
    re.IGNORECASE,
)
UNIT_WORTH = 2.6
_SHARE_WORTH = 1.7
_LABEL_WORTH = 3.0
_LOW_ENDS = frozenset(("START", "LOW", "LEFT", "FROM", "A", "LOWER", "BEGIN", "X_MIN"))
_HIGH_ENDS = frozenset(("END", "HIGH", "RIGHT", "TO", "B", "UPPER", "STOP", "X_MAX"))
_RATIO = re.compile(r"\s+times\s+(?:the|as)\b", re.IGNORECASE)
_ONTO = re.compile(r"\bonto\s+(?:(?:the\s+)?vector\s+)?([A-Za-z][0-9₀-₉]?)(?!\w)")
_BEFORE_INTERVAL = re.compile(r"(?:\b(?:on|in|over|interval|auf|sur|en|su|em)|∈|\\in)\s*$")


def rate_label(slot: Slot, value: Value) -> float:
    """Return what the letter of a value is worth where the sentence has the value itself."""
    is_cue = (value.label,) in slot.cues or (value.label, "=") in slot.cues
    return _LABEL_WORTH if value.label and is_cue and value.start < value.end else 0.0


def weigh_unit(slot: Slot, value: Value) -> float:
    """Return what the unit of a number is worth for a parameter."""
    if value.unit in {"%", "share"}:
        return _SHARE_WORTH
    return UNIT_WORTH if value.unit and slot.accepts.unit else 0.0


def find_end(slot: Slot) -> int | None:
    """Return which end of a range a parameter is by its name: 0, 1 or none."""
    return 0 if slot.name in _LOW_ENDS else 1 if slot.name in _HIGH_ENDS else None


def is_ratio(text: str, value: Value) -> bool:
    """Return whether a number compares two things: 'three times the frequency'."""
    return _RATIO.match(text, value.end) is not None


def is_interval(text: str, value: Value) -> bool:
    """Return whether the sentence uses a pair as an interval: 'on [0, 1]'."""
    before = text[max(0, value.start - 18) : value.start].lower()
    return _BEFORE_INTERVAL.search(before) is not None


def have_one_unit(values: Sequence[Value]) -> bool:
    """Return whether all quantities have one unit, shares and angles excepted."""
    units = {find_unit(value.unit) for value in values if value.unit}
    return len({u for u in units if u and u.dimension not in {"share", "angle"}}) == 1


def count_odd_numbers(value: Value) -> int:
    """Return how many odd numbers a sum has that is written out: four of '1 + 3 + 5 + 7'."""
    is_sum = value.kind == "list" and "+" in value.text
    if not is_sum or not re.fullmatch(r"[\d\s+=]+", value.text):
        return 0
    count = len(value.value)
    return count if value.value == list(range(1, 2 * count, 2)) else 0


def find_target(text: str, values: Sequence[Value]) -> int | None:
    """Return which vector is projected onto, where the sentence names it by its letter."""
    said = _ONTO.search(text)
    labels = [value.label for value in values]
    return labels.index(said[1]) if said and said[1] in labels else None
