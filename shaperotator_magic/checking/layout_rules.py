"""The rules of layout: each looks at one moment of a rehearsed scene. Pure.

Sizes are in manim's units; the frame is 14.2 wide and 8 high. A text is judged by the boxes of its
glyphs, never by the box of the whole: two lines of text may interlock, two letters may not. Strokes
are judged by the points along them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

from shaperotator_magic.checking.geometry import (
    holds,
    lies_in,
    measure_area,
    measure_contrast,
    measure_overhang,
    measure_shared,
    mix,
    shrink,
    touches,
    unite,
)
from shaperotator_magic.checking.layout_picture import MOVED, OPAQUE, Fault, Picture
from shaperotator_magic.records import Box, Drawn

_OVERHANG = 0.03
_OBJECT_OVERHANG, _OBJECT_SHARE = 0.12, 0.1
_TEXT_SHARE, _GLYPH_SHARE = 0.04, 0.35
_SMALLEST_TEXT = 0.04  # shrunk to nothing on purpose
_INSET = 0.02
_FAINT = 0.25  # of a stroke: its opacity, at 4 pixels of width
_FEW_GLYPHS, _CROSSED_SHARE = 2, 0.12
_COVERED_SHARE = 0.3
_TINTED = 0.3
_LOW_CONTRAST = 2.0
_DIMMED = 0.5  # below this opacity a text is meant to stand back
_TINY, _UNREADABLE = 0.14, 0.09
_EMPTY_S = 1.0
_COMPACT = frozenset(
    "Arrow Vector DoubleArrow Arrow3D Dot LabeledDot Circle Square Rectangle RoundedRectangle "
    "Triangle Polygon RegularPolygon Star Ellipse Annulus Sector AnnularSector Arc "
    "SurroundingRectangle Brace Dot3D Sphere Cube Prism Surface".split()
)
_ANGULAR = frozenset("Rectangle Square RoundedRectangle BackgroundRectangle".split())
_MEANT_TO_CROSS = frozenset({"Cross", "Underline", "Strikethrough"})
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


def find_object_off_frame(picture: Picture) -> Iterator[Fault]:
    """A compact thing of which the frame cuts a good part; lines, curves and planes may go on."""
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
        )


# --- texts ----------------------------------------------------------------------------


def find_texts_over_texts(picture: Picture) -> Iterator[Fault]:
    """Two texts whose letters share room."""
    if not picture.is_end:
        return
    for (low, first), (high, second) in combinations(picture.texts, 2):
        if not picture.recall("texts", first, second, _overlap):
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


def _overlap(first: Drawn, second: Drawn) -> bool:
    a, b = unite(first.boxes), unite(second.boxes)
    if not measure_shared(a, b) or (first.is_on_plane and second.is_on_plane):
        return False
    if min(a[3] - a[1], b[3] - b[1]) < _SMALLEST_TEXT or _is_copy(first, second):
        return False
    shared = 0.0
    most = 0.0
    for ours in first.boxes:
        for theirs in second.boxes:
            part = measure_shared(ours, theirs)
            shared += part
            most = max(most, part / min(measure_area(ours), measure_area(theirs)))
    smaller = min(sum(map(measure_area, first.boxes)), sum(map(measure_area, second.boxes)))
    return shared / smaller > _TEXT_SHARE or most > _GLYPH_SHARE


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
    for at, text in picture.texts:
        if text.fill_opacity < _DIMMED:
            continue
        behind = _find_backdrop(picture, at, unite(text.boxes))
        contrast = measure_contrast(mix(text.fill, behind, text.fill_opacity), behind)
        is_outlined = text.stroke_opacity > _DIMMED and text.stroke_width > 1
        if contrast < _LOW_CONTRAST and not is_outlined:
            yield Fault(
                "low-contrast",
                f"hardly stands out from what is behind it (contrast {contrast:.1f})",
                "Give it another colour, or its background.",
                text,
                amount=contrast,
            )


def _find_backdrop(picture: Picture, at: int, box: Box) -> tuple[float, float, float]:
    colour = picture.background
    for thing in picture.things[:at]:
        is_under = thing.text is None and thing.fill_opacity > _TINTED and not thing.is_in_space
        if is_under and holds(thing.boxes[0], box):
            colour = mix(thing.fill, colour, thing.fill_opacity)
    return colour


# --- shapes and texts -----------------------------------------------------------------


def find_crossed_texts(picture: Picture) -> Iterator[Fault]:
    """A line, an edge or a curve through letters."""
    if not picture.is_end:
        return
    for at, text in picture.texts:
        for number, shape in enumerate(picture.things):
            if not shape.path or not _is_seen(shape, picture) or not _may_cross(shape, text):
                continue
            crossed = picture.recall("crossed", shape, text, _find_crossed)
            crossed = [box for box in crossed if not picture.is_screened(number, at, box)]
            if not crossed or _is_screened_whole(picture, number, at, text):
                continue
            share = len(crossed) / len(text.boxes)
            yield Fault(
                "text-crossed",
                "is crossed by",
                "Move one of them (next_to with a larger buff), or add_background_rectangle().",
                text,
                shape,
                is_minor=text.is_on_plane
                or (len(crossed) <= _FEW_GLYPHS and share < _CROSSED_SHARE),
                amount=share,
            )


def _may_cross(shape: Drawn, text: Drawn) -> bool:
    if shape.type_name in _MEANT_TO_CROSS or (shape.is_on_plane and text.is_on_plane):
        return False
    return touches(shape.boxes[0], unite(text.boxes))


def _is_screened_whole(picture: Picture, behind: int, front: int, text: Drawn) -> bool:
    return picture.is_screened(behind, front, unite(text.boxes))


def _is_seen(shape: Drawn, picture: Picture) -> bool:
    stroke = shape.stroke_opacity * min(shape.stroke_width, 4) / 4
    contrast = measure_contrast(shape.stroke, picture.background)
    edge = shape.fill_opacity if shape.fill_opacity > _TINTED else 0.0
    if measure_contrast(shape.fill, picture.background) < 1.2:  # noqa: PLR2004 - the backdrop's own
        edge = 0.0
    return max(stroke if contrast > 1.2 else 0.0, edge) >= _FAINT  # noqa: PLR2004 - as above


def _find_crossed(shape: Drawn, text: Drawn) -> list[Box]:
    crossed = []
    for glyph in text.boxes:
        inset = min(_INSET, (glyph[2] - glyph[0]) / 4, (glyph[3] - glyph[1]) / 4)
        inner = shrink(glyph, inset=inset)
        if any(lies_in(x, y, inner) for x, y in shape.path):
            crossed.append(glyph)
    return crossed


def find_covered_texts(picture: Picture) -> Iterator[Fault]:
    """Letters under something opaque."""
    if not picture.is_end:
        return
    for at, text in picture.texts:
        if text.is_on_plane or text.is_in_space:
            continue
        for shape in picture.things[at + 1 :]:
            if shape.text is not None or shape.fill_opacity <= OPAQUE or shape.is_in_space:
                continue
            share = picture.recall("covered", shape, text, _measure_covered)
            if share > _COVERED_SHARE:
                yield Fault(
                    "text-covered",
                    "is covered by",
                    "Bring the text to the front, or place it elsewhere.",
                    text,
                    shape,
                    amount=share,
                )


def _measure_covered(shape: Drawn, text: Drawn) -> float:
    box = shape.boxes[0]
    if shape.type_name not in _ANGULAR:
        margin = 0.15 * min(box[2] - box[0], box[3] - box[1])
        box = shrink(box, inset=margin)
    covered = [glyph for glyph in text.boxes if holds(box, glyph)]
    return len(covered) / len(text.boxes)


def find_crossings_on_the_way(picture: Picture) -> Iterator[Fault]:
    """Two texts that meet while an animation moves one of them."""
    if picture.is_end:
        return
    for (_, first), (_, second) in combinations(picture.texts, 2):
        if first.is_restless or second.is_restless:
            continue
        moved = picture.has_moved(first), picture.has_moved(second)
        if not any(moved) or not picture.recall("texts", first, second, _overlap):
            continue
        mover, other = (first, second) if moved[0] else (second, first)
        yield Fault(
            "crossing-on-the-way",
            "runs through",
            "Move it along another path (path_arc=PI/2), or fade the other out before.",
            mover,
            other,
            is_minor=all(moved),
        )


RULES: tuple[Callable[[Picture], Iterator[Fault]], ...] = (
    find_text_off_frame,
    find_object_off_frame,
    find_empty_frame,
    find_texts_over_texts,
    find_tiny_text,
    find_unrounded_numbers,
    find_low_contrast,
    find_crossed_texts,
    find_covered_texts,
    find_crossings_on_the_way,
)
