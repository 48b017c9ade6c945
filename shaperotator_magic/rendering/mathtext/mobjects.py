"""Outlines -> manim's mobjects, as its import of LaTeX's SVG would have made them.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.mathtext.typesetting import Glyph, Typeset
from shaperotator_magic.rendering.stand_ins.installed import is_on


def fill_mobject(mobject: Any, found: Typeset) -> None:
    """Give a ``SingleStringMathTex`` its glyphs, and the groups that its parts are made of."""
    from manim import VGroup

    glyphs = [_make_glyph(glyph) for glyph in found.glyphs]
    mobject.submobjects = [*mobject.submobjects, *glyphs]
    groups = {"root": VGroup()}
    groups["root"].submobjects = list(glyphs)
    for name, numbers in found.parts.items():
        groups[name] = group = VGroup()
        group.submobjects = [glyphs[number] for number in numbers]
    mobject.id_to_vgroup_dict = groups


def _make_glyph(glyph: Glyph) -> Any:
    made = _copy_pattern(glyph.color) if is_on("glyph") else _build_glyph(glyph.color)
    made.points = glyph.points.copy()
    return made


def _copy_pattern(color: str | None) -> Any:
    pattern = _make_pattern(color)
    made = object.__new__(type(pattern))
    made.__dict__.update(pattern.__dict__)
    made.submobjects, made.updaters = [], []
    for name in _OWN_ARRAYS:
        setattr(made, name, getattr(pattern, name).copy())
    return made


def color_glyphs(mobject: Any, color_one: Callable[[Any], None]) -> None:
    """Give its color to every glyph that has none; what manim does to the first serves all alike.

    Parameters
    ----------
    mobject
        A ``SingleStringMathTex`` whose glyphs were made here.
    color_one
        Does to one glyph what manim does to each; it takes manim longer than all else.
    """
    first = None
    for glyph in mobject.submobjects:
        if first is not None and _is_uncolored(glyph):
            for name in _COLOR_ARRAYS:
                setattr(glyph, name, getattr(first, name).copy())
            continue
        is_first = first is None and _is_uncolored(glyph)
        color_one(glyph)
        first = glyph if is_first else first


def _is_uncolored(glyph: Any) -> bool:
    pattern = _make_pattern(None)
    return not glyph.submobjects and all(
        np.array_equal(getattr(glyph, name), getattr(pattern, name)) for name in _COLOR_ARRAYS
    )


UNCOLORED = "#000000"
"""What glyphs are that nothing colours."""
_COLOR_ARRAYS = ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas")
_OWN_ARRAYS = ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "sheen_direction")


@functools.cache
def _make_pattern(color: str | None) -> Any:
    """Return one glyph; all others of its colour are copies of it."""
    return _build_glyph(color)


def _build_glyph(color: str | None) -> Any:
    """Build a glyph without points as manim does."""
    import svgelements
    from manim.mobject.svg.svg_mobject import VMobjectFromSVGPath

    path = svgelements.Path("M0 0L1 1")
    made = VMobjectFromSVGPath(
        path, should_subdivide_sharp_curves=True, should_remove_null_curves=True
    )
    made.set_style(
        stroke_width=0, stroke_color=None, stroke_opacity=1.0,
        fill_color=color or UNCOLORED, fill_opacity=1.0,
    )  # fmt: skip
    made.points = np.zeros((0, 3))
    # The parsed path is never read again; without it, copies are fast.
    made.path_obj = None
    return made
