"""One moment of a rehearsed scene, as the layout rules judge it, and their flaws. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.checking.layout.geometry import holds, touches, unite
from shaperotator_magic.core.records import Box, Drawn, Moment, Rehearsal

OPAQUE = 0.6  # a fill that hides what is behind it
MOVED = 0.05
# Filled, and yet nothing lies on them: their boxes are mostly empty.
_OPEN = frozenset(
    "Brace BraceBetweenPoints ArcBrace BraceLabel BraceText Line DashedLine Arrow Vector "
    "DoubleArrow CurvedArrow CurvedDoubleArrow TangentLine Angle RightAngle Arc ArcBetweenPoints "
    "ParametricFunction FunctionGraph ImplicitFunction CubicBezier TracedPath".split()
)


def is_line(thing: Drawn) -> bool:
    """Whether it is a line, curve or arrow, and nothing that a text stands in."""
    return thing.type_name in _OPEN or thing.type_name.endswith("Tip")


def is_backdrop(thing: Drawn, opacity: float) -> bool:
    """Whether its fill hides or colours what is behind its box."""
    is_shape = thing.text is None and not thing.is_in_space and thing.type_name not in _OPEN
    return is_shape and thing.fill_opacity > opacity


@dataclass(frozen=True)
class Fault:
    """One fault at one moment; ``words`` go between the names of subject and other."""

    rule: str
    words: str
    hint: str = ""
    subject: Drawn | None = None
    other: Drawn | None = None
    is_minor: bool = False
    amount: float = 0.0
    line: int | None = None


class Picture:
    """One moment with its mobjects, back to front."""

    def __init__(
        self,
        rehearsal: Rehearsal,
        moment: Moment,
        before: Moment | None,
        memory: dict[tuple[object, ...], Any],
    ) -> None:
        self.moment = moment
        self.frame_size = rehearsal.frame_size
        self.background = rehearsal.background
        self.least_contrast = rehearsal.least_contrast
        self.is_end = moment.at == 1
        self.things = [rehearsal.things[number] for number in moment.things]
        self.texts = [(at, thing) for at, thing in enumerate(self.things) if thing.text is not None]
        self.before = {rehearsal.things[n].identity: rehearsal.things[n] for n in _things(before)}
        self._memory = memory

    def recall(self, kind: str, a: Drawn, b: Drawn, measure: Callable[[Drawn, Drawn], Any]) -> Any:
        """Return a measure of two mobjects, cached as long as they look the same."""
        key = (kind, id(a), id(b))
        if key not in self._memory:
            self._memory[key] = measure(a, b)
        return self._memory[key]

    def has_moved(self, thing: Drawn) -> bool:
        """Return whether a mobject lies elsewhere than at the moment before."""
        old = self.before.get(thing.identity)
        if old is None:
            return False
        ours, theirs = unite(thing.boxes), unite(old.boxes)
        return max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) > MOVED

    def is_screened(self, behind: int, front: int, box: Box) -> bool:
        """Return whether something opaque lies between two mobjects, over this box."""
        return any(
            is_backdrop(thing, OPAQUE)
            and touches(thing.boxes[0], box)
            and holds(thing.boxes[0], box)
            for thing in self.things[behind + 1 : front]
        )


def _things(moment: Moment | None) -> tuple[int, ...]:
    return moment.things if moment is not None else ()
