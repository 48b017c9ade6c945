"""Gives the values of a sentence to the parameters of a scene, all at once. Pure.

Every parameter has candidates, each with a worth: cues near it, its unit, its kind, its range. The
assignment with the largest sum is taken, in which no value is used twice. The numbers are small
(five parameters, ten values), so all of them are tried, the best first.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shaperotator_magic.core.records import ReadValue, UnusedValue
from shaperotator_magic.writing.assigning.candidates import Candidates
from shaperotator_magic.writing.assigning.deriving import is_shown
from shaperotator_magic.writing.assigning.slots import Candidate, Slot
from shaperotator_magic.writing.reading.values import Value
from shaperotator_magic.writing.reading.words import Word

_MOST_CANDIDATES = 8  # a parameter
_INVERSION_COST = 0.5  # two parameters of one kind, read against their order
_OWN_EXAMPLE = "the scene's own example is shown"


@dataclass
class Assignment:
    """What the parameters took: values, sources to fill in, and what was not taken.

    ``misfit`` is the reason why the scene cannot be meant: its vectors have another number of
    entries.
    """

    taken: tuple[ReadValue, ...] = ()
    unused: tuple[UnusedValue, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    worth: float = 0.0
    share: float = 1.0
    misfit: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The values by the names of the parameters."""
        return {value.parameter: value.value for value in self.taken}


def assign(
    text: str,
    values: Sequence[Value],
    words: Sequence[Word],
    slots: Sequence[Slot],
    shown: Sequence[str] = (),
) -> Assignment:
    """Return the best assignment of a sentence's values to a scene's parameters.

    Parameters
    ----------
    words
        The sentence's words beside its values, in English.
    shown
        What the scene finds out itself from its parameters: 'eigenvectors of MATRIX'.
    """
    candidates = Candidates(text, values, words)
    options = [candidates.list_for(slot)[:_MOST_CANDIDATES] for slot in slots]
    search = _Search(options, slots)
    search.run((), 0.0)
    found, used, refused = _take(text, values, slots, search.chosen)
    found.worth = search.worth
    used |= {
        at
        for at, value in enumerate(values)
        if _is_size(value, slots) or is_shown(shown, found.values, value)
    }
    found.unused = tuple(_list_unused(text, values, used, refused, slots))
    found.misfit = _find_misfit(values, used, slots)
    # A variable that the sentence does not name is no evidence of its subject.
    strong = [at for at, v in enumerate(values) if not v.is_weak and v.start < v.end]
    fitting = [at for at in strong if at in used or at in refused]
    found.share = len(fitting) / len(strong) if strong else 1.0
    return found


class _Search:
    """Depth first over the parameters; what cannot become better than the best is cut off."""

    def __init__(self, options: Sequence[Sequence[Candidate]], slots: Sequence[Slot]) -> None:
        self._options = options
        self._slots = slots
        # What the parameters from each on can add at most; candidates are sorted by worth.
        tops = [option[0].worth if option else 0.0 for option in options]
        self._bounds = [sum(tops[at:]) for at in range(len(tops) + 1)]
        self.worth = -1.0
        self.chosen: tuple[Candidate | None, ...] = (None,) * len(options)

    def run(self, chosen: tuple[Candidate | None, ...], worth: float) -> None:
        """Try everything for the next parameter."""
        at = len(chosen)
        if worth + self._bounds[at] <= self.worth:
            return
        if at == len(self._options):
            worth -= _INVERSION_COST * _count_inversions(chosen, self._slots)
            if worth > self.worth:
                self.worth, self.chosen = worth, chosen
            return
        used = frozenset[tuple[int, int]]().union(*(c.atoms for c in chosen if c))
        for candidate in self._options[at]:
            if not candidate.atoms & used:
                self.run((*chosen, candidate), worth + candidate.worth)
        self.run((*chosen, None), worth)


def _count_inversions(chosen: Sequence[Candidate | None], slots: Sequence[Slot]) -> int:
    pairs = [(c, slot.accepts.form) for c, slot in zip(chosen, slots, strict=True) if c]
    return sum(
        first.span[0] > second.span[0] and form == other
        for at, (first, form) in enumerate(pairs)
        for second, other in pairs[at + 1 :]
    )


def _take(
    text: str,
    values: Sequence[Value],
    slots: Sequence[Slot],
    chosen: Sequence[Candidate | None],
) -> tuple[Assignment, set[int], dict[int, tuple[str, tuple[int, int]]]]:
    """Return what the parameters take, and which values are used and which refused."""
    found = Assignment()
    taken: list[ReadValue] = []
    refused: dict[int, tuple[str, tuple[int, int]]] = {}
    used: set[int] = set()
    for slot, candidate in zip(slots, chosen, strict=True):
        if candidate is None:
            continue
        places = {place for place, _ in candidate.atoms}
        if candidate.fault:
            refused.update(dict.fromkeys(places, (candidate.fault, candidate.span)))
            continue
        used |= places
        start, end = candidate.span
        taken.append(
            ReadValue(
                parameter=slot.name,
                value=candidate.value,
                text=text[start:end] or _name(values, places),
                start=start,
                end=end,
            )
        )
        found.sources[slot.name] = candidate.source
        if slot.accepts.form == "expression":
            found.sources[f"{slot.name}_TEXT"] = repr(candidate.value)
    found.taken = tuple(taken)
    return found, used, refused


def _is_size(value: Value, slots: Sequence[Slot]) -> bool:
    """Return whether a value is the size that a parameter has anyway: that of a 2x2 matrix."""
    return value.kind == "shape" and any(
        slot.accepts.form == "matrix" and value.value == [slot.accepts.fewest, slot.accepts.most]
        for slot in slots
    )


def _find_misfit(values: Sequence[Value], used: set[int], slots: Sequence[Slot]) -> str:
    """Return which vectors a scene has, where those of the sentence are longer or shorter."""
    sizes = {slot.accepts.most for slot in slots if slot.accepts.form == "vector"}
    takes_lists = any(slot.accepts.form in {"list", "points"} for slot in slots)
    if len(sizes) != 1 or takes_lists:
        return ""
    size = next(iter(sizes))
    left = [v for at, v in enumerate(values) if at not in used and not v.is_weak]
    others = [v for v in left if v.kind in {"point", "vector", "list"} and len(v.value) != size]
    # Of i + 2j the entry along k is zero.
    written = [v for v in others if not (v.kind == "vector" and re.search(r"[ij]", v.text))]
    return (
        f"its vectors have {size} entries, {written[0].text} has {len(written[0].value)}"
        if written
        else ""
    )


def _name(values: Sequence[Value], places: set[int]) -> str:
    """Return what values behind the sentence's end are called: the variables that they are."""
    return ", ".join(values[place].text for place in sorted(places))


def _list_unused(
    text: str,
    values: Sequence[Value],
    used: set[int],
    refused: Mapping[int, tuple[str, tuple[int, int]]],
    slots: Sequence[Slot],
) -> list[UnusedValue]:
    unused: dict[str, UnusedValue] = {}
    for at, value in enumerate(values):
        if at in used or (value.is_weak and at not in refused):
            continue
        reason, (start, end) = refused.get(at, ("", (value.start, value.end)))
        said = text[start:end] or value.text
        unused[said] = UnusedValue(text=said, reason=reason or _explain(value, slots))
    return list(unused.values())


def _explain(value: Value, slots: Sequence[Slot]) -> str:
    """Return which choices there are, where a function is none of them."""
    if value.kind in {"expression", "function"}:
        for slot in slots:
            if slot.accepts.form == "one of":
                return f"{slot.name.lower()} is one of {', '.join(slot.accepts.choices)}"
    return ""
