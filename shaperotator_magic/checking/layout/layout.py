"""What a viewer would mind in a rehearsed scene: boxes in, findings out. Pure.

Every rule judges one moment; its faults are collected over the whole scene, so that a caption that
lies across a curve for ten animations is one fault. Faults are told by the names and lines
of the user's own source, and places in cells of a grid.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from shaperotator_magic.checking.layout.geometry import name_cells, touches, unite
from shaperotator_magic.checking.layout.history import find_left_behind
from shaperotator_magic.checking.layout.mistakes import find_mistakes
from shaperotator_magic.checking.layout.picture import Fault, Picture, is_line
from shaperotator_magic.checking.layout.rules import RULES
from shaperotator_magic.core.records import Drawn, Finding, Rehearsal, Severity

__all__ = ["Flaw", "check_layout", "find_flaws"]

_BRIEF_S = 0.3
# Notes that no model is asked to mend, and that an edit mends.
_FIXABLE = frozenset({"text-near-edge", "texts-touch"})
_ON_THE_WAY = frozenset({"crossing-on-the-way", "left-behind"})
_LONG_PAUSE_S = 3.0
_MANY_LETTERS, _NEARLY_ALL = 3, 0.9
_LONGEST_QUOTE = 28


@dataclass
class Flaw:
    """One fault of the whole scene, from the first moment that shows it.

    ``moments`` are the indices of the moments, ``stays_s`` how long it can be seen standing;
    ``is_moved_there`` is what an animation has brought where it has the fault.
    """

    fault: Fault
    moments: list[int] = field(default_factory=list)
    ends: int = 0
    stays_s: float = 0.0
    frame_size: tuple[float, float] = (14.222, 8.0)
    is_moved_there: bool = False

    @property
    def rule(self) -> str:
        """The rule that saw it."""
        return self.fault.rule

    @property
    def subject(self) -> Drawn | None:
        """What has the fault; None for an empty frame."""
        return self.fault.subject

    @property
    def other(self) -> Drawn | None:
        """What it collides with, if anything."""
        return self.fault.other

    @property
    def kind(self) -> tuple[object, ...]:
        """What flaws have in common that are reported as one."""
        lines = [thing.line for thing in (self.subject, self.other) if thing is not None]
        return (self.rule, self.severity, *lines)

    @property
    def severity(self) -> Severity:
        """A warning where a viewer loses something; else a note."""
        is_brief = self.ends <= 1 and self.stays_s < _BRIEF_S
        return "note" if self.fault.is_minor or (is_brief and self.ends) else "warning"

    @property
    def is_fixable(self) -> bool:
        """Whether a small edit is worth it although no model is asked: it stands for a while."""
        is_standing = self.stays_s >= _BRIEF_S or self.ends > 1
        is_label = self.rule == "tiny-text" and bool(self.fault.subject)
        return is_standing and (self.rule in _FIXABLE or is_label)

    @property
    def is_plain(self) -> bool:
        """Whether an edit is certain to be wanted: the frame cuts it, or nobody can read it.

        What people publish has slips, too, and pauses, and labels on lines: those are told, but
        not edited.
        """
        if self.severity != "warning":
            return self.is_fixable
        thing, amount = self.subject, self.fault.amount
        if self.rule == "empty-frame":
            return amount >= _LONG_PAUSE_S
        if self.rule == "text-crossed" and thing is not None and self._is_by_line:
            return amount * len(thing.boxes) >= _MANY_LETTERS or amount >= _NEARLY_ALL
        if self.rule == "object-off-frame" and thing is not None:
            half_width, half_height = (side / 2 for side in self.frame_size)
            is_cut = touches(
                unite(thing.boxes), (-half_width, -half_height, half_width, half_height)
            )
            is_left = thing.is_restless or self.is_moved_there
            return thing.name.isidentifier() and is_cut and not is_left
        return self.stays_s >= _BRIEF_S or self.rule in _ON_THE_WAY

    @property
    def _is_by_line(self) -> bool:
        return self.other is not None and is_line(self.other)

    def as_finding(self) -> Finding:
        """Return it as people and models read it."""
        subject, other = self.fault.subject, self.fault.other
        words = self.fault.words
        if subject is not None:
            where = name_cells(unite(subject.boxes), self.frame_size)
            words = f"{describe(subject)} in {where} {words}"
        if other is not None:
            line = f", line {other.line}" if other.line else ""
            words = f"{words} {describe(other)}{line}"
        return Finding(
            rule=f"layout-{self.rule}",
            severity=self.severity,
            message=f"{words}.",
            hint=self.fault.hint,
            line=subject.line if subject is not None else self.fault.line,
        )


def check_layout(rehearsal: Rehearsal) -> list[Finding]:
    """Return what a viewer would mind, the worst first."""
    alike: dict[tuple[object, ...], list[Flaw]] = {}
    for flaw in find_flaws(rehearsal):
        alike.setdefault(flaw.kind, []).append(flaw)
    found = [_tell(flaws) for flaws in alike.values()]
    return sorted([*found, *find_mistakes(rehearsal)], key=lambda f: f.severity == "note")


def _tell(flaws: list[Flaw]) -> Finding:
    """Return one finding for mobjects that one line made and that have the same fault."""
    finding = flaws[0].as_finding()
    if len(flaws) == 1:
        return finding
    more = f"{finding.message[:-1]} (and {len(flaws) - 1} more of that line)."
    return finding.model_copy(update={"message": more})


def find_flaws(rehearsal: Rehearsal) -> list[Flaw]:
    """Return the faults of all moments, one for every mobject and rule, in the order of time."""
    found: dict[tuple[object, ...], Flaw] = {}
    memory: dict[tuple[object, ...], object] = {}
    for number, moment in enumerate(rehearsal.moments):
        before = rehearsal.moments[number - 1] if number else None
        picture = Picture(rehearsal, moment, before, memory)
        for fault in _look(picture):
            key = _identify(fault)
            if key not in found:
                is_moved = fault.subject is not None and picture.has_moved(fault.subject)
                size = rehearsal.frame_size
                found[key] = Flaw(fault, frame_size=size, is_moved_there=is_moved)
            flaw = found[key]
            flaw.moments.append(number)
            flaw.ends += moment.at == 1
            flaw.stays_s += moment.stays_s
    for fault, number in find_left_behind(rehearsal):
        found[_identify(fault)] = Flaw(
            fault, [number], ends=2, stays_s=1.0, frame_size=rehearsal.frame_size
        )
    return list(found.values())


def _look(picture: Picture) -> Iterable[Fault]:
    for rule in RULES:
        yield from rule(picture)


def _identify(fault: Fault) -> tuple[object, ...]:
    """Two faults are one where rule and mobjects are the same, as the source names them."""
    things = [_call(thing) for thing in (fault.subject, fault.other) if thing is not None]
    return (fault.rule, *things)


def _call(thing: Drawn) -> object:
    if thing.text:
        return thing.text, thing.line
    return thing.line if thing.line is not None else thing.identity


def describe(thing: Drawn) -> str:
    """Return name and content of a mobject: ``title ('Bubble sort')``."""
    text = thing.text or ""
    quoted = repr(text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…")
    if thing.name:
        return f"{thing.name} ({quoted})" if text else f"{thing.name} ({thing.type_name})"
    return f"{thing.type_name} {quoted}" if text else f"a {thing.type_name}"
