"""New positions for a mobject: in the frame, in the nearest free place, in a band. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shaperotator_magic.checking.autofix.belonging import (
    find_container,
    is_in_column,
    list_attached,
)
from shaperotator_magic.checking.autofix.scene_edits import Fix, SceneEdits, is_callable_name
from shaperotator_magic.checking.layout.geometry import (
    holds,
    measure_area,
    measure_shared,
    touches,
    unite,
)
from shaperotator_magic.core.records import Box, Drawn

__all__ = ["is_caption", "move_away", "pull_in", "set_apart", "step_in"]

_MARGIN, _LEAST_MARGIN = 0.25, 0.06
_WIDEST, _TALLEST = 13.0, 7.2
_GAP, _BESIDE = 0.15, 0.3
_STEPS = (0.35, 0.7, 1.1, 1.6, 2.2)
_WAYS = ((0, -1), (0, 1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
_SCALES = (1.0, 0.8)
_LABEL_REACH = 0.7  # further away nobody knows what a label belongs to
_LABEL_WIDTH = 3.0
_LARGEST_CELL = 12.0
_BAND = 2.6  # captions and titles lie beyond
_SOLID = 0.3
# Where these stand is what they say: a vector begins at the origin, a dot is a point of a graph.
_AT_THEIR_PLACE = frozenset(
    "Arrow Vector DoubleArrow Line DashedLine Dot ParametricFunction FunctionGraph Arrow3D".split()
)
_MOST_PLACES, _MOST_ANCHORS = 4, 3


@dataclass(frozen=True)
class _Place:
    """A way to stand elsewhere: what it costs, the calls that bring it there, and in words."""

    cost: float
    calls: str
    words: str


def pull_in(scene: SceneEdits, thing: Drawn) -> Iterator[Fix]:
    """Move a mobject into the frame, or scale it to fit."""
    left, bottom, right, top = unite(thing.boxes)
    name = thing.name
    if right - left > _WIDEST:
        text = f"{{}}.scale_to_fit_width({_WIDEST:g}).set_x(0)"
        factor = _WIDEST / (right - left)
        yield from scene.insert(thing, text, f"{name} was made to fit the frame ({factor:.0%})")
    elif top - bottom > _TALLEST:
        text = f"{{}}.scale_to_fit_height({_TALLEST:g}).set_y(0)"
        factor = _TALLEST / (top - bottom)
        yield from scene.insert(thing, text, f"{name} was made to fit the frame ({factor:.0%})")
    else:
        yield from _shift_in(scene, thing)


def _shift_in(scene: SceneEdits, thing: Drawn) -> Iterator[Fix]:
    """Move it into the frame, only just, or made smaller; or whatever it is placed beside."""
    name = thing.name
    yield from _take_attached_in(scene, thing)
    for margin, scale in ((_MARGIN, 1.0), (_LEAST_MARGIN, 1.0), (_LEAST_MARGIN, 0.75)):
        where = _spell_way_in(scene, thing, margin, scale)
        smaller, words = ("", "") if scale == 1 else (f".scale({scale:g})", "made smaller and ")
        if where:
            message = f"{name} was {words}moved by {where} into the frame"
            yield from scene.insert(thing, f"{{}}{smaller}.shift({where})", message)
    where = _spell_way_in(scene, thing, _LEAST_MARGIN, 1.0)
    anchors = [a for a in scene.list_anchors(thing)[::-1] if a.type_name not in _AT_THEIR_PLACE]
    for anchor in anchors[:_MOST_ANCHORS] if where else []:
        message = f"{anchor.name} was moved by {where}, so that {name} is in the frame"
        yield from scene.insert_after_making(anchor, f"{{}}.shift({where})", message)


def _take_attached_in(scene: SceneEdits, thing: Drawn) -> Iterator[Fix]:
    """Move a shape into the frame together with the texts that stand in it or beside it."""
    line = scene.find_first_line(thing)
    attached = [] if thing.text is not None or line is None else list_attached(scene, thing)
    made = [text for text in attached if text.line is not None and line and text.line < line]
    where = _spell_way_in(scene, thing, _MARGIN, 1.0)
    if made and where:
        group = ", ".join(["{}", *(text.name for text in made)])
        message = f"{thing.name} was moved by {where} into the frame, with what belongs to it"
        yield from scene.insert(thing, f"VGroup({group}).shift({where})", message)


def step_in(scene: SceneEdits, text: Drawn) -> Iterator[Fix]:
    """Move a text that hugs the edge of the frame inwards, just so far."""
    if scene.is_grouped(text.name):
        return  # alone it would leave its row
    left, _, right, _ = unite(text.boxes)
    if right - left > _WIDEST:
        yield from pull_in(scene, text)
        return
    where = _spell_way_in(scene, text, _MARGIN, 1.0)
    if where:
        message = f"{text.name} was moved by {where}, away from the frame's edge"
        yield from scene.insert(text, f"{{}}.shift({where})", message)


def set_apart(scene: SceneEdits, text: Drawn, other: Drawn) -> Iterator[Fix]:
    """Move a text away from another one that it touches, in the direction of its own side."""
    is_bound = find_container(scene, text) is not None or is_in_column(scene, text)
    if is_bound or scene.is_grouped(text.name):
        return
    box, theirs = unite(text.boxes), unite(other.boxes)
    across = (box[0] + box[2] - theirs[0] - theirs[2]) / 2
    up = (box[1] + box[3] - theirs[1] - theirs[3]) / 2
    is_beside = min(box[3], theirs[3]) - max(box[1], theirs[1]) > 0
    step = (_GAP if across > 0 else -_GAP, 0.0) if is_beside else (0.0, _GAP if up > 0 else -_GAP)
    where = _spell_shift(*step)
    message = f"{text.name} was set apart from {other.name or 'its neighbour'}"
    yield from scene.insert(text, f"{{}}.shift({where})", message)


def _spell_way_in(scene: SceneEdits, thing: Drawn, margin: float, scale: float) -> str:
    left, bottom, right, top = _scale_box(unite(thing.boxes), scale)
    half_width, half_height = (side / 2 - margin for side in scene.rehearsal.frame_size)
    across, up = _find_way_in(left, right, half_width), _find_way_in(bottom, top, half_height)
    return _spell_shift(across, up)


def _find_way_in(low: float, high: float, half: float) -> float:
    if high > half:
        return half - high
    return -half - low if low < -half else 0.0


def _spell_shift(across: float, up: float) -> str:
    parts = []
    if across:
        parts.append(f"{abs(across):.2f} * {'RIGHT' if across > 0 else 'LEFT'}")
    if up:
        parts.append(f"{abs(up):.2f} * {'UP' if up > 0 else 'DOWN'}")
    return " + ".join(parts)


def is_caption(thing: Drawn) -> bool:
    """Whether a text stands where titles and captions do."""
    box = unite(thing.boxes)
    return max(abs(box[1]), abs(box[3])) > _BAND


def move_away(scene: SceneEdits, thing: Drawn) -> Iterator[Fix]:
    """Move to one of the best places in the frame that cover no other mobject.

    What lies in a cell would be torn from where it belongs; a part of a group stays near.
    """
    box = unite(thing.boxes)
    others = scene.list_companions(thing)
    is_part = not thing.name.isidentifier()
    cells = [unite(other.boxes) for other in others if other.text is None]
    if not is_callable_name(thing.name) or any(_is_cell_of(cell, box) for cell in cells):
        return
    if find_container(scene, thing) is not None or is_in_column(scene, thing):
        return
    near = _widen(box, _BESIDE)
    is_label = is_part or any(touches(near, unite(other.boxes)) for other in others)
    is_caption_like = is_caption(thing) or box[2] - box[0] > _LABEL_WIDTH
    is_label = is_part or (is_label and not is_caption_like)
    places = [*_list_near(scene, box, others, is_label=is_label)]
    if not is_label:
        places += _list_bands(scene, box, others)
    for place in sorted(places, key=lambda place: place.cost)[:_MOST_PLACES]:
        message = f"{thing.name} was {place.words} to where nothing else is"
        yield from scene.insert(thing, f"{{}}{place.calls}", message)


def _list_near(
    scene: SceneEdits, box: Box, others: list[Drawn], *, is_label: bool
) -> Iterator[_Place]:
    half_width, half_height = (side / 2 - _MARGIN for side in scene.rehearsal.frame_size)
    for scale in _SCALES:
        smaller = _scale_box(box, scale)
        for distance in _STEPS:
            if is_label and distance > _LABEL_REACH:
                continue
            for x, y in _WAYS:
                across, up = distance * x, distance * y
                moved = _shift_box(smaller, across, up)
                if max(abs(moved[0]), abs(moved[2])) > half_width:
                    continue
                if max(abs(moved[1]), abs(moved[3])) > half_height:
                    continue
                where = _spell_shift(across, up)
                made = "" if scale == 1 else f".scale({scale:g})"
                words = f"moved by {where}" if scale == 1 else f"made smaller and moved by {where}"
                cost = _measure_clash(moved, others) + 0.1 * distance + 0.5 * (1 - scale)
                yield _Place(cost, f"{made}.shift({where})", words)


def _list_bands(scene: SceneEdits, box: Box, others: list[Drawn]) -> Iterator[_Place]:
    """The bands of captions and titles, and the corners, as far as they are free."""
    width, height = scene.rehearsal.frame_size
    half_width, half_height = width / 2 - 0.4, height / 2 - 0.4
    size = box[2] - box[0], box[3] - box[1]
    for x, name_x in ((0, ""), (-1, "LEFT"), (1, "RIGHT")):
        for y, name_y in ((-1, "DOWN"), (1, "UP")):
            left = x * (half_width - size[0] / 2) - size[0] / 2
            bottom = y * (half_height - size[1] / 2) - size[1] / 2
            moved = (left, bottom, left + size[0], bottom + size[1])
            if size[0] > 2 * half_width:
                continue
            cost = _measure_clash(moved, others) + 0.3 + 0.1 * abs(x)
            if name_x:
                corner = f"{name_y} + {name_x}"
                yield _Place(cost, f".to_corner({corner}, buff=0.4)", f"moved to {corner}")
            else:
                calls = f".set_x(0).to_edge({name_y}, buff=0.4)"
                yield _Place(cost, calls, f"moved to {name_y}")


def _measure_clash(box: Box, others: list[Drawn]) -> float:
    """Return how much a text there would cover other mobjects; 0 is a free place.

    Of a curve only the box is known: it counts a little, for only a rehearsal can decide.
    """
    wide = _widen(box)
    area = measure_area(wide)
    clash = 0.0
    for other in others:
        theirs = unite(other.boxes)
        share = measure_shared(wide, theirs) / area
        if not share:
            continue
        if other.text is not None:
            clash += 1 + share
        elif holds(theirs, wide) and other.fill_opacity < _SOLID:
            clash += 0.15
        else:
            clash += 0.3 + share * (1.0 if other.fill_opacity >= _SOLID else 0.3)
    return clash


def _is_cell_of(outer: Box, box: Box) -> bool:
    return holds(outer, box) and measure_area(outer) < _LARGEST_CELL


def _shift_box(box: Box, across: float, up: float) -> Box:
    return box[0] + across, box[1] + up, box[2] + across, box[3] + up


def _scale_box(box: Box, scale: float) -> Box:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half_width, half_height = scale * (box[2] - box[0]) / 2, scale * (box[3] - box[1]) / 2
    return x - half_width, y - half_height, x + half_width, y + half_height


def _widen(box: Box, by: float = _GAP) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
