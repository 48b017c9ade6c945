"""Layout rules: texts whose letters a stroke or an edge crosses, or a filled shape covers. Pure.

They judge boxes that a rehearsal has recorded, not pixels.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

from collections.abc import Iterator

from shaperotator_magic.checking.layout.geometry import (
    holds,
    lies_in,
    shrink,
    touches,
    unite,
)
from shaperotator_magic.checking.layout.picture import OPAQUE, Fault, Picture, is_backdrop
from shaperotator_magic.core.records import Box, Drawn
from shaperotator_magic.core.styles.contrast import measure_contrast

_INSET = 0.02
_FAINT = 0.25  # of a stroke: its opacity, at 4 pixels of width
_TINTED = 0.3
_FEW_GLYPHS, _CROSSED_SHARE = 2, 0.12
_THROUGH = 0.7
_COVERED_SHARE = 0.3
_ANGULAR = frozenset("Rectangle Square RoundedRectangle BackgroundRectangle".split())
_MEANT_TO_CROSS = frozenset({"Cross", "Underline", "Strikethrough"})


def find_crossed_texts(picture: Picture) -> Iterator[Fault]:
    """A line, an edge or a curve through letters, in the last picture of an animation."""
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
                is_minor=text.is_on_plane or not _is_bad_crossing(picture, shape, text, crossed),
                amount=share,
            )


def _is_bad_crossing(picture: Picture, shape: Drawn, text: Drawn, crossed: list[Box]) -> bool:
    """Whether it goes through several letters or right through a line of text."""
    if len(crossed) > _FEW_GLYPHS or len(crossed) / len(text.boxes) >= _CROSSED_SHARE:
        return True
    alike = [
        other
        for other in picture.things
        if other.path and (other.line, other.type_name) == (shape.line, shape.type_name)
    ]
    hit = {box for other in alike for box in picture.recall("crossed", other, text, _find_crossed)}
    return len(hit) > _FEW_GLYPHS or picture.recall("through", shape, text, _goes_through)


def _goes_through(shape: Drawn, text: Drawn) -> bool:
    """Whether the outline spans most of the height of the line of letters that it meets."""
    for glyph in _find_crossed(shape, text):
        line = unite(box for box in text.boxes if box[1] < glyph[3] and box[3] > glyph[1])
        heights = [y for x, y in shape.path if lies_in(x, y, line)]
        if max(heights) - min(heights) > _THROUGH * (line[3] - line[1]):
            return True
    return False


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
            if not is_backdrop(shape, OPAQUE):
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
