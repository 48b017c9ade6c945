"""Which mobjects of a scene are visible now, in drawing order, and which of them are texts.

A text is one entry, whatever it is made of: a Text, a formula, a number, or letters cut out of one.
So are a surface and a cross; every other family is split into its members.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

VISIBLE_OPACITY = 0.08
_THINNEST = 0.1
_LONGEST_TEXT = 80


@dataclass
class VisibleMobject:
    """A visible mobject of this moment: its parts that have points of their own."""

    mobject: Any
    parts: list[Any]
    text: str | None
    is_on_plane: bool
    is_fixed: bool = False


class SceneWalk:
    """Traverses a scene and finds its visible mobjects, in drawing order."""

    def __init__(self) -> None:
        from manim import (
            Brace,
            CoordinateSystem,
            Cross,
            DecimalNumber,
            MarkupText,
            NumberLine,
            Paragraph,
            SingleStringMathTex,
            Surface,
            Text,
        )
        from manim.mobject.geometry.shape_matchers import BackgroundRectangle
        from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

        self._texts = (Text, MarkupText, Paragraph, SingleStringMathTex, DecimalNumber)
        self._planes = (CoordinateSystem, NumberLine)
        self._glyph, self._not_glyph = VMobjectFromSVGPath, Brace
        self._back = BackgroundRectangle
        self._wholes = (Surface, Cross)

    def find_visible(self, scene: Any, fixed: frozenset[int]) -> list[VisibleMobject]:
        """Return the visible mobjects, back to front; ``fixed`` are ids of parts of the frame."""
        found: list[VisibleMobject] = []
        known: set[int] = set()
        # What is put in front is drawn last, and once.
        front = {id(m) for m in scene.foreground_mobjects}
        for mobject in [
            m for m in scene.mobjects if id(m) not in front
        ] + scene.foreground_mobjects:
            for one in self._visit(mobject, known, is_on_plane=False):
                one.is_fixed = id(one.mobject) in fixed
                found.append(one)
        return sorted(found, key=lambda one: (one.is_fixed, one.mobject.z_index))

    def _visit(
        self, mobject: Any, known: set[int], *, is_on_plane: bool
    ) -> Iterator[VisibleMobject]:
        if id(mobject) in known:
            return
        known.add(id(mobject))
        if self._is_text(mobject):
            yield from self._visit_text(mobject, known, is_on_plane=is_on_plane)
            return
        if isinstance(mobject, self._wholes):
            faces = [f for f in mobject.get_family() if id(f) not in known and _is_visible(f)]
            known.update(map(id, faces))
            if faces:
                yield VisibleMobject(mobject, faces, None, is_on_plane)
            return
        if _is_visible(mobject):
            yield VisibleMobject(mobject, [mobject], None, is_on_plane)
        is_on_plane = is_on_plane or isinstance(mobject, self._planes)
        for part in mobject.submobjects:
            yield from self._visit(part, known, is_on_plane=is_on_plane)

    def _visit_text(
        self, mobject: Any, known: set[int], *, is_on_plane: bool
    ) -> Iterator[VisibleMobject]:
        parts = [p for p in mobject.get_family() if p is mobject or id(p) not in known]
        known.update(map(id, parts))
        visible = [p for p in parts if _is_visible(p)]
        for part in visible:
            if isinstance(part, self._back):
                yield VisibleMobject(part, [part], None, False)
        glyphs = [p for p in visible if not isinstance(p, self._back)]
        if glyphs:
            yield VisibleMobject(mobject, glyphs, _read_text(mobject), is_on_plane)

    def _is_text(self, mobject: Any) -> bool:
        if isinstance(mobject, self._texts):
            return True
        if isinstance(mobject, self._glyph):
            return not isinstance(mobject, self._not_glyph)
        parts = mobject.submobjects
        return (
            bool(parts)
            and not len(mobject.points)
            and all(
                isinstance(p, self._glyph) and not isinstance(p, self._not_glyph) for p in parts
            )
        )


def _read_text(mobject: Any) -> str:
    for name in ("original_text", "tex_string", "text", "number"):
        value = mobject.__dict__.get(name)
        if value is not None and value != "":
            if name == "number":
                value = f"{value:.{mobject.num_decimal_places}f}"
            return " ".join(str(value).split())[:_LONGEST_TEXT]
    return ""


def _is_visible(mobject: Any) -> bool:
    if not len(mobject.points):
        return False
    fills = getattr(mobject, "fill_rgbas", None)
    if fills is None:
        return hasattr(mobject, "pixel_array")
    if len(fills) and fills[:, 3].max() > VISIBLE_OPACITY:
        return True
    strokes = mobject.stroke_rgbas
    return bool(
        len(strokes)
        and strokes[:, 3].max() > VISIBLE_OPACITY
        and np.max(mobject.stroke_width) > _THINNEST
    )
