"""The layout rules: each judges one moment of a rehearsed scene. Pure.

Sizes are in manim's units; the frame is 14.2 wide and 8 high. A text is judged by the boxes of its
glyphs, never by the box of the whole: two lines of text may interlock, two letters may not. Strokes
are judged by the points along them.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

from shaperotator_magic.checking.layout.crossings import find_covered_texts, find_crossed_texts
from shaperotator_magic.checking.layout.geometry import (
    holds,
    measure_area,
    measure_overhang,
    measure_shared,
    mix,
    unite,
)
from shaperotator_magic.checking.layout.picture import MOVED, Fault, Picture, is_backdrop
from shaperotator_magic.core.records import Box, Drawn
from shaperotator_magic.core.styles.contrast import measure_contrast

_OVERHANG = 0.03
_NEAR_EDGE = 0.15
_TOUCHING, _FEWEST_LETTERS = 0.04, 3
_OBJECT_OVERHANG, _OBJECT_SHARE = 0.12, 0.1
_TEXT_SHARE, _GLYPH_SHARE = 0.04, 0.35
_SMALLEST_TEXT = 0.04  # shrunk to nothing on purpose
_TINTED = 0.3
_DIMMED = 0.5  # below this opacity a text is meant to stand back
_TINY, _UNREADABLE = 0.15, 0.12
_EMPTY_S = 1.0
_BRACKET = 4.0  # so much taller than other letters
_STEPS_BETWEEN = 6
_COMPACT = frozenset(
    "Arrow Vector DoubleArrow Arrow3D Dot LabeledDot Circle Square Rectangle RoundedRectangle "
    "Triangle Polygon RegularPolygon Star Ellipse Annulus Sector AnnularSector Arc "
    "SurroundingRectangle Brace Dot3D Sphere Cube Prism Surface".split()
)
_UNROUNDED = re.compile(r"\d\.\d{6,}")


# --- the frame ------------------------------------------------------------------------


def find_text_off_frame(picture: Picture) -> Iterator[Fault]:
    """A text that the frame cuts, or that lies beyond it."""
    if not picture.is_end or picture.moment.is_zoomed:
        return
    for _, text in picture.texts:
        if text.is_on_plane or text.is_in_space:
            continue
        overhang, edge = measure_overhang(unite(text.boxes), picture.frame_size)
        if overhang > _OVERHANG:
            yield Fault(
                "text-off-frame",
                f"runs {overhang:.1f} over the {edge} edge",
                "Move it inwards, break it into lines, or scale_to_fit_width(12).",
                text,
                amount=overhang,
            )


def find_text_near_edge(picture: Picture) -> Iterator[Fault]:
    """A text in the frame that hugs its edge."""
    if not picture.is_end or picture.moment.is_zoomed:
        return
    for _, text in picture.texts:
        if text.is_on_plane or text.is_in_space or text.is_restless:
            continue
        overhang, edge = measure_overhang(unite(text.boxes), picture.frame_size)
        if -_NEAR_EDGE < overhang <= _OVERHANG:
            yield Fault(
                "text-near-edge",
                f"hugs the {edge} edge",
                "Move it inwards: to_edge(..., buff=0.4).",
                text,
                is_minor=True,
                amount=_NEAR_EDGE + overhang,
            )


def find_touching_texts(picture: Picture) -> Iterator[Fault]:
    """Two texts of different statements with no room between them."""
    if not picture.is_end:
        return
    for (_, first), (_, second) in combinations(picture.texts, 2):
        if first.line == second.line or first.is_on_plane or second.is_on_plane:
            continue
        if first.is_restless or second.is_restless:
            continue
        if picture.recall("touching", first, second, _touch):
            yield Fault(
                "texts-touch",
                "touches",
                "Leave room between them: buff=0.3.",
                second,
                first,
                is_minor=True,
            )


def _touch(first: Drawn, second: Drawn) -> bool:
    a, b = unite(first.boxes), unite(second.boxes)
    if min(len(first.boxes), len(second.boxes)) < _FEWEST_LETTERS or texts_overlap(first, second):
        return False
    across = max(a[0], b[0]) - min(a[2], b[2])
    up = max(a[1], b[1]) - min(a[3], b[3])
    beside = -_TOUCHING < across < _TOUCHING and up < -_TOUCHING
    below = -_TOUCHING < up < _TOUCHING and across < -_TOUCHING
    return beside or below


def find_object_off_frame(picture: Picture) -> Iterator[Fault]:
    """A compact mobject of which the frame cuts a good part; lines, curves and planes may go on."""
    if not picture.is_end or picture.moment.is_zoomed:
        return
    width, height = picture.frame_size
    frame = (-width / 2, -height / 2, width / 2, height / 2)
    for thing in picture.things:
        if thing.text is not None or thing.is_on_plane or thing.type_name not in _COMPACT:
            continue
        box = thing.boxes[0]
        overhang, edge = measure_overhang(box, picture.frame_size)
        share = 1 - measure_shared(box, frame) / measure_area(box)
        if (
            overhang > _OBJECT_OVERHANG
            and share > _OBJECT_SHARE
            and box[2] - box[0] < width
            and box[3] - box[1] < 1.5 * height
        ):
            yield Fault(
                "object-off-frame",
                f"runs {overhang:.1f} over the {edge} edge",
                "Make it smaller or move it inwards.",
                thing,
                amount=overhang,
            )


def find_empty_frame(picture: Picture) -> Iterator[Fault]:
    """Nothing at all for a second or more."""
    moment = picture.moment
    if picture.is_end and not picture.things and moment.stays_s >= _EMPTY_S:
        yield Fault(
            "empty-frame",
            f"Nothing is on the screen for {moment.stays_s:.1f} s",
            "Leave that wait out, or keep something on the screen.",
            line=moment.line,
            is_minor=moment.stays_s < 2 * _EMPTY_S,
            amount=moment.stays_s,
        )


# --- texts ----------------------------------------------------------------------------


def find_texts_over_texts(picture: Picture) -> Iterator[Fault]:
    """Two texts whose letters share room."""
    if not picture.is_end:
        return
    for (low, first), (high, second) in combinations(picture.texts, 2):
        if not picture.recall("texts", first, second, texts_overlap):
            continue
        if picture.is_screened(low, high, unite(first.boxes)):
            continue
        later, earlier = (second, first) if second.identity > first.identity else (first, second)
        if later.is_on_plane:
            later, earlier = earlier, later
        yield Fault(
            "text-over-text",
            "lies over",
            "FadeOut the earlier one first, or place one of them elsewhere.",
            later,
            earlier,
        )


def texts_overlap(first: Drawn, second: Drawn) -> bool:
    """Whether letters of two texts share room."""
    a, b = unite(first.boxes), unite(second.boxes)
    if not measure_shared(a, b) or (first.is_on_plane and second.is_on_plane):
        return False
    if min(a[3] - a[1], b[3] - b[1]) < _SMALLEST_TEXT or _is_copy(first, second):
        return False
    shared = 0.0
    most = 0.0
    for ours in first.boxes:
        for theirs in second.boxes:
            if _encloses(ours, theirs) or _encloses(theirs, ours):
                continue
            part = measure_shared(ours, theirs)
            shared += part
            most = max(most, part / min(measure_area(ours), measure_area(theirs)))
    smaller = min(sum(map(measure_area, first.boxes)), sum(map(measure_area, second.boxes)))
    return shared / smaller > _TEXT_SHARE or most > _GLYPH_SHARE


def _encloses(outer: Box, inner: Box) -> bool:
    """Whether one is a bracket or root, whose box is mostly empty, around the other."""
    return outer[3] - outer[1] > _BRACKET * (inner[3] - inner[1])


def _is_copy(first: Drawn, second: Drawn) -> bool:
    """The same letters in the same place: nobody sees that they are two."""
    a, b = unite(first.boxes), unite(second.boxes)
    return (
        first.text == second.text
        and len(first.boxes) == len(second.boxes)
        and max(abs(x - y) for x, y in zip(a, b, strict=True)) < MOVED
    )


def find_tiny_text(picture: Picture) -> Iterator[Fault]:
    """Letters too small to read in a small video."""
    if not picture.is_end or picture.moment.is_zoomed:
        return
    for _, text in picture.texts:
        tallest = max(box[3] - box[1] for box in text.boxes)
        if _SMALLEST_TEXT < tallest < _TINY and _has_letters(text):
            yield Fault(
                "tiny-text",
                "is too small to read",
                "Use font_size 24 or more.",
                text,
                is_minor=tallest > _UNREADABLE or text.is_on_plane,
                amount=tallest,
            )


def _has_letters(text: Drawn) -> bool:
    return any(letter.isupper() or letter.isdigit() for letter in text.text or "")


def find_unrounded_numbers(picture: Picture) -> Iterator[Fault]:
    """0.6590011388859679 for 0.66."""
    for _, text in picture.texts:
        if _UNROUNDED.search(text.text or ""):
            yield Fault(
                "unrounded-number",
                "shows a number with all its digits",
                'Round it: f"{x:.2f}", or DecimalNumber.',
                text,
            )


def find_low_contrast(picture: Picture) -> Iterator[Fault]:
    """Letters of nearly the colour that they lie on."""
    if not picture.is_end:
        return
    for text, contrast in measure_text_contrast(picture):
        if contrast < picture.least_contrast:
            yield Fault(
                "low-contrast",
                f"hardly stands out from what is behind it (contrast {contrast:.1f})",
                "Give it another colour, or its background.",
                text,
                amount=contrast,
            )


def measure_text_contrast(picture: Picture) -> Iterator[tuple[Drawn, float]]:
    """Yield the texts without an outline, each with its contrast to what is behind it."""
    for at, text in picture.texts:
        is_outlined = text.stroke_opacity > _DIMMED and text.stroke_width > 1
        if text.fill_opacity < _DIMMED or is_outlined:
            continue
        behind = _find_backdrop(picture, at, unite(text.boxes))
        yield text, measure_contrast(mix(text.fill, behind, text.fill_opacity), behind)


def _find_backdrop(picture: Picture, at: int, box: Box) -> tuple[float, float, float]:
    colour = picture.background
    for thing in picture.things[:at]:
        if is_backdrop(thing, _TINTED) and holds(thing.boxes[0], box):
            colour = mix(thing.fill, colour, thing.fill_opacity)
    return colour


# --- on the way -----------------------------------------------------------------------


def find_crossings_on_the_way(picture: Picture) -> Iterator[Fault]:
    """Two texts that meet while an animation moves one of them."""
    if picture.is_end:
        return
    for (_, first), (_, second) in combinations(picture.texts, 2):
        if first.is_restless or second.is_restless:
            continue
        moved = picture.has_moved(first), picture.has_moved(second)
        mover, other = (first, second) if moved[0] else (second, first)
        if not any(moved) or not _meet(picture, mover, other):
            continue
        yield Fault(
            "crossing-on-the-way",
            "runs through",
            "Move it along another path (path_arc=PI/2), or fade the other out before.",
            mover,
            other,
            is_minor=all(moved),
        )


def _meet(picture: Picture, mover: Drawn, other: Drawn) -> bool:
    """Whether they share room now, or did on the way since the moment before."""
    if picture.recall("texts", mover, other, texts_overlap):
        return True
    old = picture.before[mover.identity]
    if len(old.boxes) != len(mover.boxes) or picture.has_moved(other):
        return False
    for step in range(1, _STEPS_BETWEEN):
        part = step / _STEPS_BETWEEN
        boxes = tuple(_go(a, b, part) for a, b in zip(old.boxes, mover.boxes, strict=True))
        if texts_overlap(mover.model_copy(update={"boxes": boxes}), other):
            return True
    return False


def _go(start: Box, end: Box, part: float) -> Box:
    left, bottom, right, top = (a + (b - a) * part for a, b in zip(start, end, strict=True))
    return left, bottom, right, top


RULES: tuple[Callable[[Picture], Iterator[Fault]], ...] = (
    find_text_off_frame,
    find_text_near_edge,
    find_object_off_frame,
    find_empty_frame,
    find_texts_over_texts,
    find_touching_texts,
    find_tiny_text,
    find_unrounded_numbers,
    find_low_contrast,
    find_crossed_texts,
    find_covered_texts,
    find_crossings_on_the_way,
)
