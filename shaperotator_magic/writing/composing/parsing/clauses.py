"""Sentences: things, happenings and the words between them, each by an entry of one table.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable

from shaperotator_magic.writing.composing.parsing.actions import (
    read_about,
    read_act,
    read_along,
    read_back_again,
    read_into,
    read_to,
    read_with,
)
from shaperotator_magic.writing.composing.parsing.appearances import (
    read_colour,
    read_coloured,
    read_compared,
    read_label,
    read_letters,
    read_look,
    read_mark,
    read_orient,
    read_pointing,
    read_rainbow,
    read_says,
)
from shaperotator_magic.writing.composing.parsing.curves import read_as, read_joins, read_opens
from shaperotator_magic.writing.composing.parsing.joints import (
    read_after,
    read_away,
    read_axis,
    read_back,
    read_by,
    read_comma,
    read_from_nothing,
    read_pass,
    read_sense,
    read_speed,
    read_stop,
    read_times,
    read_together,
    read_turned,
    read_unit,
)
from shaperotator_magic.writing.composing.parsing.members import read_members
from shaperotator_magic.writing.composing.parsing.phrases import read_phrase, starts_phrase
from shaperotator_magic.writing.composing.parsing.positions import (
    read_arrangement,
    read_from,
    read_in,
    read_point,
    read_relation,
    read_side,
)
from shaperotator_magic.writing.composing.parsing.quantities import (
    read_duration,
    read_list,
    read_measure,
    read_number,
    read_rows,
    read_size,
)
from shaperotator_magic.writing.composing.parsing.state import SKIPPED, Reading
from shaperotator_magic.writing.composing.plan import Ref, Step
from shaperotator_magic.writing.composing.scanning.tokens import Token

Handler = Callable[[Reading], bool]
_VARIABLES = frozenset({"x", "y", "z", "t", "theta", "θ"})
# Before a noun these are part of it; else they say something of what was named.
_SAID_BEHIND = frozenset({"number", "size", "colour", "look", "arrange"})
_CARRIED_ON = frozenset({"side", "by", "into"})


def read_sentence(tokens: list[Token], text: str = "") -> Reading:
    """Read tokens into a plan; what fits nowhere is listed as unknown."""
    reading = Reading(tokens, text)
    while reading.at < len(tokens):
        start = reading.at
        if not _read_next(reading):
            reading.at = max(reading.at, start + 1)
            reading.unknown.extend(
                token for token in tokens[start : reading.at] if token.kind not in SKIPPED
            )
        elif reading.at == start:
            reading.at += 1
    return reading


def _read_next(reading: Reading) -> bool:
    token = reading.peek()
    handler = _HANDLERS.get(token.kind)
    if token.kind in _CARRIED_ON and reading.step is None and reading.is_new_moment:
        _carry_on(reading)
    if read_members(reading):
        return True
    is_phrase = starts_phrase(reading)
    if token.kind in _SAID_BEHIND and not (is_phrase and _begins_new(reading)):
        return handler is not None and handler(reading)
    if is_phrase:
        return _read_noun(reading)
    if _is_variable(reading):
        reading.take()
        return True
    if token.kind in {"unknown", "article"} and read_letters(reading):
        return True
    return handler is not None and handler(reading)


def _is_variable(reading: Reading) -> bool:
    """Whether an x or y is that of a formula, as in 'for x from -2 to 2'."""
    is_named = reading.peek().text in _VARIABLES
    return is_named and any(token.kind == "equation" for token in reading.tokens)


def _carry_on(reading: Reading) -> None:
    """'moves left, then up': what happened before goes on."""
    last = reading.plan.steps[-1] if reading.plan.steps else None
    if last is not None and last.act in {"move", "turn", "transform"}:
        reading.add_step(Step(last.act, last.targets))
        reading.noun = last.targets


def _begins_new(reading: Reading) -> bool:
    """Whether 'red' begins 'red circle', or says something of what was named in a row."""
    before = reading.tokens[reading.at - 1] if reading.at else None
    return before is None or before.kind != "arrange"


def _read_noun(reading: Reading) -> bool:
    """A phrase: the subject of what follows, or one more object of what happens."""
    known = len(reading.plan.things)
    before = reading.noun
    is_and = reading.at > 0 and reading.tokens[reading.at - 1].kind in {"and", "comma"}
    step = reading.step
    refs = read_phrase(reading)
    if not refs:
        return False
    reading.is_reference = len(reading.plan.things) == known
    reading.subject = refs
    is_part = {ref.thing for ref in refs} <= {ref.thing for ref in before}
    if is_and and before and step is None and not (reading.is_new_moment or is_part):
        reading.subject = (*before, *(ref for ref in refs if ref not in before))
    reading.noun = refs
    if reading.is_reference and is_and and step is not None and step.targets == before:
        _join_object(reading, step, refs)
    elif not reading.is_reference and reading.effect_of(step) != "comes":
        reading.step = None
    return True


def _join_object(reading: Reading, step: Step, refs: tuple[Ref, ...]) -> None:
    """'rotate the square and the circle'; 'move the square up and the circle down'."""
    following = reading.peek_past("filler", "article")
    if following.kind == "act":
        reading.step = None
    elif following.kind in {"side", "to", "by", "colour", "compared"}:
        reading.add_step(Step(step.act, refs)).is_together = True
    else:
        step.targets = (*step.targets, *refs)
        reading.noun = step.targets


_HANDLERS: dict[str, Handler] = {
    "act": read_act, "number": read_number, "list": read_list, "rows": read_rows,
    "measure": read_measure, "from": read_from, "side": read_side, "point": read_point,
    "relation": read_relation, "arrange": read_arrangement, "colour": read_colour,
    "look": read_look, "compared": read_compared, "label": read_label, "says": read_says,
    "rainbow": read_rainbow, "mark": read_mark, "size": read_size,
    "article": read_pass, "filler": read_pass, "and": read_pass, "of": read_pass,
    "at": read_pass, "for": read_pass, "with": read_with, "graph of": read_pass,
    "stop": read_stop, "then": read_stop, "comma": read_comma, "while": read_as,
    "joins": read_joins, "opens": read_opens,
    "together": read_together, "after": read_after, "before": read_stop,
    "times": read_times, "speed": read_speed, "by": read_by, "to": read_to,
    "into": read_into, "about": read_about, "along": read_along, "axis": read_axis,
    "turned": read_turned, "sense": read_sense, "in": read_in, "particle": read_pass,
    "coloured": read_coloured, "pointing": read_pointing, "unit": read_unit,
    "duration": read_duration, "back": read_back_again,
    "there and back": read_back, "away": read_away, "from nothing": read_from_nothing,
    "through": read_along, "in space": read_pass,
    "orient": read_orient, "part": read_pass, "background": read_pass,
}  # fmt: skip
