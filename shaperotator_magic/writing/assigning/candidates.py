"""Every way in which a parameter could take a value of the sentence, each with its worth. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from shaperotator_magic.writing.assigning.accepting import (
    convert_length,
    convert_number,
    find_fault,
    guess_angle,
)
from shaperotator_magic.writing.assigning.choices import find_choice_words, rate_choice
from shaperotator_magic.writing.assigning.cues import (
    Surroundings,
    is_measured,
    list_complements,
    list_square_cues,
)
from shaperotator_magic.writing.assigning.deriving import (
    derive_curvatures,
    find_named_matrix,
    rename_variable,
)
from shaperotator_magic.writing.assigning.hints import (
    ALIKE,
    PAIRED,
    UNIT_WORTH,
    count_odd_numbers,
    find_end,
    find_target,
    have_one_unit,
    is_interval,
    is_ratio,
    rate_label,
    weigh_unit,
)
from shaperotator_magic.writing.assigning.slots import Candidate, Slot
from shaperotator_magic.writing.reading.formulas import write_text
from shaperotator_magic.writing.reading.scan import tidy
from shaperotator_magic.writing.reading.values import Value
from shaperotator_magic.writing.reading.words import Word

# What a value of the right kind is worth by itself; a plain number needs a word or a unit.
_OWN_WORTH = {"matrix": 1.2, "vector": 1.0, "list": 1.0, "expression": 1.4, "text": 1.0}
_NUMBER_WORTH = -0.6
_GUESSED_WORTH = 1.5  # a multiple of π for an angle
_WEAK_COST = 1.5
_OTHER_BRACKET_COST = 0.3
_PART_OF_RANGE_COST = 1.0
_NOUN_COST = 1.6
_REFUSED_COST = 1.0
_RANGE_WORTH = 2.2
_LEVEL_WORTH = 2.0
_ROW_WORTH = 0.8
_SUM_WORTH = 1.5
_TARGET_WORTH = 9.0  # more than the usual letters of both vectors
_SIDES = (("spanned",), ("sides",), ("columns",), ("parallelogram",))
_LONE_PAIR_WORTH = 0.4
_COUNT_AFTER = frozenset(
    "in of for with and or by from to at on as is are was it its the a an using then until times "
    "where when while which that show please step instead per up into over via between".split()
)
_DEGREES = frozenset(("DEGREE", "ORDER"))


class Candidates:
    """The sentence's values with their surroundings, as candidates for parameters."""

    def __init__(self, text: str, values: Sequence[Value], words: Sequence[Word]) -> None:
        self._text = text
        self._values = values
        self._words = words
        self._near = Surroundings(words, values)

    def list_for(self, slot: Slot) -> list[Candidate]:
        """Return the candidates of one parameter, the best first."""
        form = slot.accepts.form
        if form in {"number", "integer"}:
            found = [*self._list_numbers(slot), *self._list_ends(slot)]
            if slot.name == "COUNT":
                counts = [(at, count_odd_numbers(v)) for at, v in enumerate(self._values)]
                found += [self._build(slot, n, (at,), _SUM_WORTH) for at, n in counts if n]
            if slot.name == "LEVEL":
                found += self._list_levels(slot)
            if slot.name in _DEGREES:
                found += self._list_powers(slot)
        elif form in {"vector", "list"}:
            found = [*self._list_groups(slot), *self._list_pairs(slot), *self._derive(slot)]
        elif form == "points":
            found = list(self._list_points(slot))
        elif form == "matrix":
            found = [*self._list_matrices(slot), *self._list_sides(slot), *self._derive(slot)]
        elif form == "expression":
            found = list(self._list_formulas(slot))
        elif form == "one of":
            found = list(self._list_choices(slot))
        else:
            found = list(self._list_texts(slot))
        return sorted((c for c in found if c.worth > 0), key=lambda c: -c.worth)

    # --- numbers ------------------------------------------------------------------------

    def _list_numbers(self, slot: Slot) -> Iterator[Candidate]:
        singles = [i for i, v in enumerate(self._values) if v.kind in {"number", "integer"}]
        strong = [i for i in singles if not self._values[i].is_weak and not self._values[i].unit]
        for at in singles:
            value = self._values[at]
            unit = value.unit or guess_angle(slot.accepts, value)
            number = convert_number(slot.accepts, value.value, unit)
            span = (value.start, value.end)
            cue = max(self._near.measure(slot.cues, span), rate_label(slot, value))
            if number is None and cue and is_measured(slot.name) and have_one_unit(self._values):
                number = value.value
            if number is not None:
                number, cue = self._convert_kin(slot, number, cue, span)
            if number is None and not slot.accepts.unit and _is_cue(value.unit, slot):
                number, cue = value.value, max(cue, UNIT_WORTH)  # 'degree' is a word, too
            if number is None or self._counts_things(slot, value):
                continue
            worth = _NUMBER_WORTH + cue + weigh_unit(slot, value)
            worth += _GUESSED_WORTH * (unit != value.unit)
            worth -= _WEAK_COST if value.is_weak else 0
            if not cue and not value.unit:
                is_counted = self._near.has_noun_behind(value.end, _COUNT_AFTER)
                worth += 1.0 * (strong == [at]) - _NOUN_COST * is_counted
            yield self._build(slot, number, (at,), worth)

    def _counts_things(self, slot: Slot, value: Value) -> bool:
        """Return whether a word is a count: 'two tones', 'three times the frequency'."""
        is_one_of_several = value.is_weak and slot.name[-1].isdigit()
        if is_one_of_several and self._near.has_noun_behind(value.end, _COUNT_AFTER):
            return True
        return slot.accepts.form == "number" and is_ratio(self._text, value)

    def _convert_kin(
        self, slot: Slot, number: float | int, cue: float, span: tuple[int, int]
    ) -> tuple[float | int, float]:
        """Turn what a share leaves of the whole, or a square, into the parameter's own number."""
        if slot.accepts.is_share:
            other = self._near.measure(list_complements(slot.name), span)
            if other > cue:
                return tidy(1 - number), other
        squared = self._near.measure(list_square_cues(slot.name), span)
        if squared > cue and number >= 0:
            return tidy(round(math.sqrt(number), 4)), squared
        return number, cue

    def _list_ends(self, slot: Slot) -> Iterator[Candidate]:
        """Take one end of a range: both bounds of an interval, or how far a count goes."""
        end = find_end(slot)
        for at, value in enumerate(self._values):
            is_pair = value.kind in {"range", "list", "point"} and len(value.value) == 2  # noqa: PLR2004 - two ends
            if not is_pair:
                continue
            span = (value.start, value.end)
            if end is not None and (value.kind == "range" or is_interval(self._text, value)):
                number = convert_number(slot.accepts, value.value[end], value.unit)
                if number is not None:
                    yield self._build(slot, number, (at,), _RANGE_WORTH, part=end)
            elif end is None and value.kind == "range":
                cue = self._near.measure(slot.cues, span)
                number = convert_number(slot.accepts, value.value[1], value.unit)
                if cue and number is not None:
                    yield self._build(slot, number, (at,), cue - _PART_OF_RANGE_COST)

    def _list_powers(self, slot: Slot) -> Iterator[Candidate]:
        """Take the exponent where a degree is given as a power: 'up to x^5'."""
        for at, value in enumerate(self._values):
            node = value.value.node if value.kind == "expression" else None
            if node is None or node.kind != "^" or node.operands[1].kind != "number":
                continue
            cue = self._near.measure((("up", "to"),), (value.start, value.end))
            if cue and node.operands[0].kind == "variable":
                yield self._build(slot, tidy(float(node.operands[1].name)), (at,), cue)

    def _list_levels(self, slot: Slot) -> Iterator[Candidate]:
        """Take the constant of a curve's equation: 4 of 'x + y = 4'."""
        for at, value in enumerate(self._values):
            if value.kind != "expression" or not value.value.is_equation:
                continue
            right = value.value.node.operands[-1] if value.value.node.kind == "-" else None
            if right is not None and right.kind == "number":
                yield self._build(slot, tidy(float(right.name)), (at,), _LEVEL_WORTH, part=1)

    # --- groups of numbers ---------------------------------------------------------------

    def _list_groups(self, slot: Slot) -> Iterator[Candidate]:
        form = slot.accepts.form
        target = find_target(self._text, self._values) if ("onto",) in slot.cues else None
        for at, value in enumerate(self._values):
            if form == "vector" and value.kind == "matrix" and len(value.value) == 2:  # noqa: PLR2004
                for part, row in enumerate(value.value):  # {(1, 1), (-1, 2)} are two vectors, too
                    yield self._build(slot, row, (at,), _ROW_WORTH, part=part)
            if value.kind not in ALIKE[form] or (value.is_weak and value.kind != "shape"):
                continue
            cue = self._near.measure(slot.cues, (value.start, value.end))
            if value.kind == "range" and not cue:
                continue
            numbers = list(value.value)
            if value.kind == "vector" and re.search(r"[ij]", value.text):
                numbers += [0] * (slot.accepts.fewest - len(numbers))  # i + 2j in space
            worth = _OWN_WORTH[form] + cue
            worth -= _OTHER_BRACKET_COST * (ALIKE[form].index(value.kind) > 1)
            worth += _TARGET_WORTH * (target == at)
            yield self._build(slot, numbers, (at,), worth)

    def _list_pairs(self, slot: Slot) -> Iterator[Candidate]:
        """Take two numbers that stand side by side: 'legs 5 and 12'."""
        if not slot.accepts.fewest <= 2 <= slot.accepts.most:  # noqa: PLR2004 - a pair
            return
        for at, (one, two) in enumerate(zip(self._values, self._values[1:], strict=False)):
            are_single = {one.kind, two.kind} <= {"number", "integer"}
            if not are_single or not PAIRED.fullmatch(self._text[one.end : two.start]):
                continue
            cue = self._near.measure(slot.cues, (one.start, two.end))
            pair = [convert_length(slot.accepts, v) for v in (one, two)]
            worth = _NUMBER_WORTH + cue if cue else _LONE_PAIR_WORTH * (len(self._values) == 2)  # noqa: PLR2004
            if None not in pair:
                yield self._build(slot, pair, (at, at + 1), worth)

    def _list_points(self, slot: Slot) -> Iterator[Candidate]:
        """Take points that stand side by side, or the rows of a table with two columns."""
        run: list[int] = []
        for at, value in enumerate(self._values):
            if value.kind == "matrix" and len(value.value[0]) == 2:  # noqa: PLR2004 - x and y
                yield self._build(slot, value.value, (at,), _OWN_WORTH["matrix"])
            is_point = value.kind in {"point", "list"} and len(value.value) == 2  # noqa: PLR2004
            between = self._text[self._values[run[-1]].end : value.start] if run else ""
            if not is_point or (run and not PAIRED.fullmatch(between or ",")):
                run = []
            if is_point:
                run.append(at)
                points = [list(self._values[one].value) for one in run]
                yield self._build(slot, points, tuple(run), _OWN_WORTH["list"] + 0.5 * len(run))

    def _list_matrices(self, slot: Slot) -> Iterator[Candidate]:
        rows, columns = slot.accepts.fewest, slot.accepts.most
        for at, value in enumerate(self._values):
            span = (value.start, value.end)
            if value.kind == "matrix":
                worth = _OWN_WORTH["matrix"] + self._near.measure(slot.cues, span)
                yield self._build_matrix(slot, value.value, at, worth)
            elif value.kind == "list" and len(value.value) == rows * columns:
                cue = self._near.measure(slot.cues, span)
                numbers = value.value
                table = [numbers[i * columns : (i + 1) * columns] for i in range(rows)]
                if cue:
                    yield self._build(slot, table, (at,), cue)

    def _list_sides(self, slot: Slot) -> Iterator[Candidate]:
        """Take two vectors as columns where the sentence does: 'spanned by (3, 1) and (1, 2)'."""
        for at, (one, two) in enumerate(pairwise(self._values)):
            are_vectors = {one.kind, two.kind} <= {"vector", "point", "list"}
            is_pair = are_vectors and len(one.value) == len(two.value) == 2  # noqa: PLR2004 - plane
            if is_pair and self._near.measure(_SIDES, (one.start, two.end)):
                columns = [list(row) for row in zip(one.value, two.value, strict=True)]
                yield self._build(slot, columns, (at, at + 1), _OWN_WORTH["matrix"])

    def _build_matrix(self, slot: Slot, table: Any, at: int, worth: float) -> Candidate:
        found = self._build(slot, table, (at,), worth)
        size = (len(table), len(table[0]))
        if size == (slot.accepts.fewest, slot.accepts.most):
            return found
        fault = f"{_say(slot.name)} is {slot.accepts.fewest} by {slot.accepts.most}"
        return replace(found, fault=fault, worth=worth - _REFUSED_COST)

    def _derive(self, slot: Slot) -> Iterator[Candidate]:
        """Take what follows from other values: the matrix of a rotation, a bowl's curvatures."""
        if slot.accepts.form == "matrix":
            named = find_named_matrix(self._words, self._values)
            if named and (slot.accepts.fewest, slot.accepts.most) == (2, 2):
                yield self._build(slot, named.rows, named.atoms, 2.0, span=named.span)
        elif slot.name == "CURVATURES":
            for at, value in enumerate(self._values):
                pair = derive_curvatures(value.value) if value.kind == "expression" else None
                if pair:
                    yield self._build(slot, pair, (at,), 2.0)

    # --- formulas, choices and texts -------------------------------------------------------

    def _list_formulas(self, slot: Slot) -> Iterator[Candidate]:
        for at, value in enumerate(self._values):
            if value.kind not in {"expression", "function"}:
                continue
            formula = rename_variable(value.value, slot.accepts.variables)
            if formula is None:
                continue
            cue = min(self._near.measure(slot.cues, (value.start, value.end)), 1.0)
            worth = _OWN_WORTH["expression"] + cue + 0.01 * len(value.text)
            worth += 0.5 * bool(formula.name) - _WEAK_COST * value.is_weak / 2
            found = self._build(slot, write_text(formula.node), (at,), worth)
            yield replace(found, source=formula.code)

    def _list_choices(self, slot: Slot) -> Iterator[Candidate]:
        choices = slot.accepts.choices
        for choice in choices:
            for at, value in enumerate(self._values):
                worth, part = rate_choice(choice, value)
                if worth:
                    yield self._build(slot, choice, (at,), worth, part=part)
            for span, worth in find_choice_words(choice, choices, self._words):
                yield Candidate(choice, frozenset(), span, worth, source=repr(choice))

    def _list_texts(self, slot: Slot) -> Iterator[Candidate]:
        for at, value in enumerate(self._values):
            if value.kind == "text":
                found = self._build(slot, value.value, (at,), _OWN_WORTH["text"])
                is_long = len(value.value) > slot.accepts.most
                fault = f"{_say(slot.name)} has {slot.accepts.most} characters at most"
                yield replace(found, fault=fault if is_long else "")

    def _build(
        self,
        slot: Slot,
        value: Any,
        used: Sequence[int],
        worth: float,
        *,
        part: int = -1,
        span: tuple[int, int] | None = None,
    ) -> Candidate:
        fault = find_fault(slot.accepts, value, _say(slot.name))
        if slot.accepts.form == "integer" and not fault:
            value = int(value)
        start = min((self._values[at].start for at in used), default=0)
        end = max((self._values[at].end for at in used), default=0)
        parts = (0, 1) if part < 0 else (part,)
        return Candidate(
            value,
            frozenset((at, one) for at in used for one in parts),
            span or (start, end),
            worth - (_REFUSED_COST if fault else 0),
            source=repr(value),
            fault=fault,
        )


def _is_cue(unit: str, slot: Slot) -> bool:
    return (unit.lower(),) in slot.cues


def _say(name: str) -> str:
    return name.lower().replace("_", " ")
