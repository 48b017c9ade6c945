"""A formula's source -> outlines in drawing order, with manim's parts; the one Typst compiler.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import typst

from shaperotator_magic.core.errors import FormulaError
from shaperotator_magic.rendering.mathtext import nodes
from shaperotator_magic.rendering.mathtext.document_writer import TypstSource, write_document
from shaperotator_magic.rendering.mathtext.documents import parse_document
from shaperotator_magic.rendering.mathtext.faces import MathFace
from shaperotator_magic.rendering.mathtext.lengths import LINE_WIDTH_PT
from shaperotator_magic.rendering.mathtext.outlines import Outline, Points, read_outlines
from shaperotator_magic.rendering.mathtext.pieces import split_into_pieces

# dvisvgm counts in big points.
_BP_IN_PT = 72 / 72.27
_PT_IN_EM = 10.0
_REMEMBERED = 512


@dataclass(frozen=True)
class Glyph:
    """One submobject: ``points`` (four a curve; x, y upwards, 0; in bp), and its own color."""

    points: Points
    color: str | None = None


@dataclass
class Typeset:
    """The glyphs in LaTeX's order; ``parts`` holds the numbers of the glyphs of manim's parts."""

    glyphs: list[Glyph] = field(default_factory=list)
    parts: dict[str, list[int]] = field(default_factory=dict)


@functools.cache
def load_compiler(face: MathFace | None = None) -> Any:
    """Return the compiler with the fonts that ship in it; loading it starts no thread.

    Compiling does start one, so a process that forks must not compile before it does.
    """
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    folders = [face.folder] if face else []
    return typst.Compiler(ignore_system_fonts=True, font_paths=folders)


@functools.lru_cache(maxsize=_REMEMBERED)
def typeset(source: str, preamble: str = "", face: MathFace | None = None) -> Typeset:
    """Set what stands between begin and end of a LaTeX document.

    Parameters
    ----------
    face
        A font for all signs that it has; New Computer Modern has the others.

    Raises
    ------
    FormulaError
        Something in it is not known here.
    """
    family = face.family if face else ""
    written = write_document(parse_document(source, preamble), LINE_WIDTH_PT, family)
    try:
        svg = load_compiler(face).compile(written.text.encode(), format="svg")
    except typst.TypstError as exc:
        raise FormulaError(
            f"A formula could not be set: {exc}", hint="Please report it, with the formula."
        ) from exc
    return _arrange(written, read_outlines(svg.decode()))


def _arrange(written: TypstSource, drawn: dict[int, list[Outline]]) -> Typeset:
    found = Typeset()
    pieces = {
        number: split_into_pieces(written.leaves[number - 1].shape, outlines)
        for number, outlines in drawn.items()
        if number > 0
    }
    opened: list[str] = []
    for entry in written.order:
        if isinstance(entry, nodes.Mark):
            if entry.name:
                opened.append(entry.name)
                found.parts[entry.name] = []
            elif opened:
                opened.pop()
            continue
        leaf = written.leaves[entry.leaf - 1]
        for points in pieces.get(entry.leaf, [])[entry.start : entry.stop]:
            for name in opened:
                found.parts[name].append(len(found.glyphs))
            found.glyphs.append(Glyph(_place(points, leaf.raised_em), leaf.color))
    return found


def _place(points: Points, raised_em: float) -> Points:
    placed = np.zeros((len(points), 3))
    placed[:, :2] = points
    if raised_em:
        placed[:, 1] += raised_em * _PT_IN_EM
    placed *= _BP_IN_PT
    return placed
