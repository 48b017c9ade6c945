"""The classroom formulas: how they are read, built and measured, with LaTeX or without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent / "data" / "formulas"
CLASSROOM = FOLDER / "classroom.txt"
CONSTRUCTS = FOLDER / "constructs.txt"  # LaTeX's measures of them are in constructs.json
REFERENCE = FOLDER / "latex.json"
# The packages that LaTeX needs for the formulas with \color and \cancel.
EXTRA_PREAMBLE = r"\usepackage{xcolor}\usepackage{cancel}"
_BP_IN_UNITS = 0.05  # manim's scale of LaTeX's SVG at its usual font size


@dataclass(frozen=True)
class Formula:
    """One line of the list."""

    kind: str
    strings: tuple[str, ...]
    isolated: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " // ".join(self.strings)

    def build(self) -> Any:
        """Return the mobject, as manim makes it just now."""
        import manim

        template = manim.TexTemplate()
        template.add_to_preamble(EXTRA_PREAMBLE)
        isolated = {"substrings_to_isolate": list(self.isolated)} if self.isolated else {}
        return getattr(manim, self.kind)(*self.strings, tex_template=template, **isolated)


@dataclass(frozen=True)
class Structure:
    """What a formula is made of: glyphs a part, their centers in bp, and the box of it all."""

    parts: list[int]
    isolated: list[int]
    centers: list[list[float]]
    width: float
    height: float


def read_formulas(file: Path = CLASSROOM) -> list[Formula]:
    """Return the list of the file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [_read_line(line) for line in lines if line and not line.startswith("#")]


def _read_line(line: str) -> Formula:
    head, *strings = line.split(" // ")
    kind, _, isolated = head.partition(" isolate ")
    return Formula(kind, tuple(strings), tuple(isolated.rstrip(":").split()))


def read_reference(file: Path = REFERENCE) -> dict[str, Structure]:
    """Return what LaTeX made of every formula, by its text."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    return {text: Structure(**row) for text, row in rows.items()}


def write_reference(found: dict[str, Structure], file: Path = REFERENCE) -> None:
    """Keep what LaTeX made."""
    lines = (
        f"{json.dumps(text)}: {json.dumps(asdict(structure))}" for text, structure in found.items()
    )
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def measure(mobject: Any) -> Structure:
    """Return the structure of a ``MathTex`` or ``Tex``."""
    glyphs = list(_find_glyphs(mobject))
    middle = mobject.get_center()
    centers = [(glyph.get_center() - middle)[:2] / _BP_IN_UNITS for glyph in glyphs]
    return Structure(
        parts=[len(part.submobjects) for part in mobject.submobjects],
        isolated=[
            len(mobject.id_to_vgroup_dict[name].submobjects)
            for _, name in mobject._substring_matches
        ],
        centers=[[round(float(value), 2) for value in center] for center in centers],
        width=round(float(mobject.width) / _BP_IN_UNITS, 3),
        height=round(float(mobject.height) / _BP_IN_UNITS, 3),
    )


def _find_glyphs(mobject: Any) -> Iterator[Any]:
    for part in mobject.submobjects:
        yield from part.submobjects


def has_equal_parts(ours: Structure, latex: Structure) -> bool:
    """Tell whether parts have the same numbers of glyphs, which stand in the same order."""
    if (ours.parts, ours.isolated) != (latex.parts, latex.isolated):
        return False
    if not ours.centers:
        return True
    size = np.array([max(latex.width, 10.0), max(latex.height, 10.0)])
    apart = np.abs(np.array(ours.centers) - np.array(latex.centers)) / size
    # Two glyphs that had changed places would both be far from where they belong.
    return bool((apart.max(axis=1) < 0.1 + 3 / size.max()).all())


def compare_boxes(ours: Structure, latex: Structure) -> float:
    """Return by which share width or height differ, whichever differs more."""
    return max(
        abs(ours.width / latex.width - 1) if latex.width else 0.0,
        abs(ours.height / latex.height - 1) if latex.height else 0.0,
    )
