"""Small edits of a scene's code that may mend a flaw of its layout. Pure: it only proposes.

Every proposal is one statement put in before the animation that first shows the thing. Whoever
applies it rehearses the scene again, and keeps it only if the flaw is gone and no other came. What
has no name in the source is not touched.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shaperotator_magic.checking.geometry import (
    holds,
    measure_area,
    measure_contrast,
    measure_shared,
    touches,
    unite,
)
from shaperotator_magic.checking.layout import Flaw
from shaperotator_magic.records import Box, Drawn, Rehearsal

__all__ = ["Mend", "identify_flaw", "propose_mends"]

_MARGIN = 0.25
_WIDEST = 13.0
_GAP = 0.15
_STEPS = (0.35, 0.7, 1.1, 1.6)
_LABEL_REACH = 0.7  # further away nobody knows what a label belongs to
_LARGEST_CELL = 12.0
_BAND = 2.6  # captions and titles lie beyond
_MOST = 5
_CALL = re.compile(r"[A-Za-z_][\w.]*(\[[^\]]+\])*")
_HAS_BACKGROUND = frozenset("Text MathTex Tex MarkupText DecimalNumber Integer".split())


@dataclass(frozen=True)
class Mend:
    """A changed source, and what was changed, as a sentence."""

    message: str
    source: str


def identify_flaw(flaw: Flaw) -> tuple[object, ...]:
    """Return what a flaw is recognised by in another version of the code, where lines differ."""
    things = [thing for thing in (flaw.subject, flaw.other) if thing is not None]
    return (flaw.rule, *(thing.name or thing.text or thing.type_name for thing in things))


def propose_mends(source: str, flaw: Flaw, rehearsal: Rehearsal) -> list[Mend]:
    """Return edits that may mend a flaw, the most likely first; none where no safe one is known."""
    propose = _PROPOSALS.get(flaw.rule)
    if propose is None or flaw.subject is None:
        return []
    scene = _Scene(source, rehearsal)
    return list(dict.fromkeys(propose(scene, flaw)))[:_MOST]


class _Scene:
    """The source, what was seen, and how to put a statement into it."""

    def __init__(self, source: str, rehearsal: Rehearsal) -> None:
        self.source = source
        self.rehearsal = rehearsal
        self._statements = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]

    def insert(self, thing: Drawn, text: str, message: str) -> Iterator[Mend]:
        """Put a statement before the animation that first shows a thing; ``{}`` is its name."""
        if not _CALL.fullmatch(thing.name):
            return
        line = self._find_first_line(thing)
        if line is not None:
            yield from self.insert_at(line, text.replace("{}", thing.name), message)

    def insert_at(self, line: int, text: str, message: str) -> Iterator[Mend]:
        """Put a statement before the one at a line."""
        around = [s for s in self._statements if s.lineno <= line <= (s.end_lineno or s.lineno)]
        if not around:
            return
        place = max(around, key=lambda s: (s.lineno, s.col_offset))
        lines = self.source.split("\n")
        if lines[place.lineno - 1][: place.col_offset].strip():
            return  # it shares its line with another statement
        lines.insert(place.lineno - 1, " " * place.col_offset + text)
        yield Mend(message, "\n".join(lines))

    def _find_first_line(self, thing: Drawn) -> int | None:
        for moment in self.rehearsal.moments:
            if any(self.rehearsal.things[n].identity == thing.identity for n in moment.things):
                return moment.line
        return None

    def list_companions(self, thing: Drawn) -> list[Drawn]:
        """Return everything that is seen at any moment together with a thing."""
        found: dict[int, Drawn] = {}
        for moment in self.rehearsal.moments:
            things = [self.rehearsal.things[n] for n in moment.things]
            if any(t.identity == thing.identity for t in things):
                found |= {t.identity: t for t in things if t.identity != thing.identity}
        return list(found.values())

    def is_used_after(self, name: str, line: int) -> bool:
        """Tell whether the source mentions a name behind a line."""
        rest = "\n".join(self.source.split("\n")[line:])
        return re.search(rf"\b{re.escape(name)}\b", rest) is not None


# --- one proposal a rule --------------------------------------------------------------


def _pull_in(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    thing = _subject(flaw)
    left, bottom, right, top = unite(thing.boxes)
    half_width, half_height = (side / 2 - _MARGIN for side in scene.rehearsal.frame_size)
    width = right - left
    name = thing.name
    if width > _WIDEST:
        factor = _WIDEST / width
        middle = f"{{}}.scale_to_fit_width({_WIDEST:g}).set_x(0)"
        yield from scene.insert(thing, middle, f"{name} was made to fit the frame ({factor:.0%})")
        return
    across = _find_way_in(left, right, half_width)
    up = _find_way_in(bottom, top, half_height)
    yield from _shift(scene, thing, across, up, "into the frame")


def _find_way_in(low: float, high: float, half: float) -> float:
    if high > half:
        return half - high
    return -half - low if low < -half else 0.0


def _shift(scene: _Scene, thing: Drawn, across: float, up: float, why: str) -> Iterator[Mend]:
    parts = []
    if across:
        parts.append(f"{abs(across):.2f} * {'RIGHT' if across > 0 else 'LEFT'}")
    if up:
        parts.append(f"{abs(up):.2f} * {'UP' if up > 0 else 'DOWN'}")
    if parts:
        where = " + ".join(parts)
        yield from scene.insert(
            thing, f"{{}}.shift({where})", f"{thing.name} was moved by {where} {why}"
        )


def _separate_texts(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    later, earlier = _subject(flaw), flaw.other
    if earlier is not None and _is_caption(earlier) and _is_caption(later):
        yield from _fade_out(scene, later, earlier)
    yield from _move_away(scene, later)
    if earlier is not None:
        yield from _fade_out(scene, later, earlier)
        yield from _move_away(scene, earlier)


def _fade_out(scene: _Scene, later: Drawn, earlier: Drawn) -> Iterator[Mend]:
    """Take the earlier text away before the later one comes, where nobody needs it any more."""
    line = scene._find_first_line(later)
    if line is None or not earlier.name.isidentifier():
        return
    if not scene.is_used_after(earlier.name, line):
        text = f"self.play(FadeOut({earlier.name}), run_time=0.5)"
        message = f"{earlier.name} fades out before {later.name or 'the next text'} comes"
        yield from scene.insert_at(line, text, message)


def _is_caption(thing: Drawn) -> bool:
    box = unite(thing.boxes)
    return max(abs(box[1]), abs(box[3])) > _BAND


def _move_away(scene: _Scene, thing: Drawn) -> Iterator[Mend]:
    """Move by the shortest of a few ways that keep it in the frame and off all other things.

    A part of a group, and what lies in a cell, would be torn from where it belongs.
    """
    box = unite(thing.boxes)
    others = [unite(other.boxes) for other in scene.list_companions(thing)]
    if not thing.name.isidentifier() or any(_is_cell_of(other, box) for other in others):
        return
    is_label = any(touches(_widen(box), other) for other in others)
    half_width, half_height = (side / 2 - _MARGIN for side in scene.rehearsal.frame_size)
    ways = []
    for distance in _STEPS:
        for x, y in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            moved = _shift_box(box, distance * x, distance * y)
            is_near = not is_label or abs(distance) <= _LABEL_REACH or _is_caption(thing)
            is_inside = is_near and max(abs(moved[0]), abs(moved[2])) <= half_width
            is_inside = is_inside and max(abs(moved[1]), abs(moved[3])) <= half_height
            if is_inside:
                clash = sum(measure_shared(_widen(moved), other) for other in others)
                ways.append((round(clash, 2), distance, distance * x, distance * y))
    for _, _, across, up in sorted(ways)[:3]:
        yield from _shift(scene, thing, across, up, "to where nothing else is")


def _uncross(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    thing = _subject(flaw)
    yield from _move_away(scene, thing)
    # Its parts are counted anew with a background among them: not where the code counts them.
    is_plain = thing.name.isidentifier() and f"{thing.name}[" not in scene.source
    # In space a background is one more thing among the others, seen from the side.
    is_plain = is_plain and not any(t.is_in_space for t in scene.rehearsal.things)
    if is_plain and thing.type_name in _HAS_BACKGROUND:
        yield from scene.insert(
            thing,
            "{}.add_background_rectangle(opacity=0.85, buff=0.1).set_z_index(5)",
            f"{thing.name} has a background now",
        )


def _uncover(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    thing = _subject(flaw)
    yield from scene.insert(thing, "{}.set_z_index(5)", f"{thing.name} was brought to the front")
    yield from _move_away(scene, thing)


def _contrast(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    thing = _subject(flaw)
    colours = {"WHITE": (1.0, 1.0, 1.0), "BLACK": (0.0, 0.0, 0.0)}
    by_contrast = sorted(colours, key=lambda name: -measure_contrast(colours[name], thing.fill))
    for colour in by_contrast:
        yield from scene.insert(
            thing, f"{{}}.set_color({colour})", f"{thing.name} is {colour.lower()} now"
        )


def _enlarge(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    thing = _subject(flaw)
    for factor in (2.0, 1.5):
        yield from scene.insert(
            thing, f"{{}}.scale({factor:g})", f"{thing.name} was enlarged {factor:g} times"
        )


def _take_along(scene: _Scene, flaw: Flaw) -> Iterator[Mend]:
    """Fade a label out where the thing that it names has gone."""
    thing = _subject(flaw)
    if not _CALL.fullmatch(thing.name):
        return
    line = scene.rehearsal.moments[flaw.moments[0]].line
    if line is not None:
        text = f"self.play(FadeOut({thing.name}), run_time=0.5)"
        yield from scene.insert_at(line, text, f"{thing.name} fades out with what it names")


def _subject(flaw: Flaw) -> Drawn:
    assert flaw.subject is not None  # noqa: S101 - propose_mends asks for it
    return flaw.subject


def _is_cell_of(outer: Box, box: Box) -> bool:
    return holds(outer, box) and measure_area(outer) < _LARGEST_CELL


def _shift_box(box: Box, across: float, up: float) -> Box:
    return box[0] + across, box[1] + up, box[2] + across, box[3] + up


def _widen(box: Box) -> Box:
    return box[0] - _GAP, box[1] - _GAP, box[2] + _GAP, box[3] + _GAP


_PROPOSALS: dict[str, Callable[[_Scene, Flaw], Iterator[Mend]]] = {
    "text-off-frame": _pull_in,
    "text-over-text": _separate_texts,
    "text-crossed": _uncross,
    "text-covered": _uncover,
    "low-contrast": _contrast,
    "tiny-text": _enlarge,
    "left-behind": _take_along,
}
