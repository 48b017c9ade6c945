"""Python that makes each thing: its class, its looks, its place. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import cycle
from typing import cast

from shaperotator_magic.writing.composing.codegen.arranging import Spot
from shaperotator_magic.writing.composing.codegen.extents import break_text, find_measures
from shaperotator_magic.writing.composing.plan import Thing
from shaperotator_magic.writing.composing.tables.looks import BRIGHT, PALETTE
from shaperotator_magic.writing.composing.tables.solids import build_faces
from shaperotator_magic.writing.composing.tables.things import THINGS

_UNITS = (("RIGHT", "LEFT"), ("UP", "DOWN"), ("OUT", "IN"))
_LATEX = (
    (r"(?<!\\)\bsqrt\(([^()]*)\)", r"\\sqrt{\1}"), ("±", r"\\pm "), ("π", r"\\pi "),
    ("≤|<=", r"\\le "), ("≥|>=", r"\\ge "), ("≠|!=", r"\\ne "), (r"(?<!\\)\*", r"\\cdot "),
)  # fmt: skip
_FILL = 0.5
_NARROWEST_SLICE = 0.05
_FILLED = frozenset({"disc", "dot", "star", "heart", "ring", "sector", "semicircle"})
_ALWAYS_FULL = frozenset({"dot", "ring"})


def spell_number(value: float) -> str:
    """Return a number as people write it: two decimals at most."""
    return f"{round(value, 2) + 0.0:g}"


def spell_vector(*coordinates: float) -> str:
    """Return a vector in manim's units: ``2 * LEFT + UP``."""
    parts = []
    for value, (plus, minus) in zip(coordinates, _UNITS, strict=False):
        number = spell_number(abs(value))
        if number != "0":
            unit = plus if value > 0 else minus
            parts.append(unit if number == "1" else f"{number} * {unit}")
    return " + ".join(parts) or "ORIGIN"


def spell_colour(colour: str) -> str:
    """Return a colour of manim by name, any other one as a string."""
    is_own = not colour.startswith("#")
    return colour if is_own else f'"{colour}"'


def build_thing(thing: Thing, spot: Spot, colour: str, joined: Sequence[str] = ()) -> str:
    """Return the expression that makes one thing at the origin."""
    row, measures = THINGS[thing.kind], find_measures(thing, spot.scale)
    if joined:
        code = f"{row.code}({joined[0]}, {joined[1]}, buff=0.1)"
    elif row.family == "line":
        code = _build_segment(thing, measures["length"])
    elif len(thing.points) > 2:  # noqa: PLR2004 - a polygon by its corners
        code = f"Polygon({_spell_points(thing.points)})"
    elif row.family == "text":
        code = _build_text(thing, measures["size"], spot)
    else:
        values = {name: spell_number(value) for name, value in measures.items()}
        if "{corner_list}" in row.code:
            values["corner_list"], values["face_list"] = build_faces(thing.kind, measures)
        values.update(_build_chart_values(thing))
        code = row.code
        for name, value in values.items():
            code = code.replace(f"{{{name}}}", value)
        code = code.replace(" * 1)", ")")
    return code + _build_looks(thing, colour)


def _build_segment(thing: Thing, length: float) -> str:
    name = THINGS[thing.kind].code
    buff = "" if name == "Line" else ", buff=0"
    if len(thing.points) > 1:
        return f"{name}({_spell_points(thing.points[:2])}{buff})"
    ahead = (0, 1) if thing.kind == "vertical_line" else (1, 0)
    x, y = cast(tuple[int, int], thing.looks.get("pointing", ahead))
    reach = length / 2 / (math.hypot(x, y) or 1)
    start, end = spell_vector(-x * reach, -y * reach), spell_vector(x * reach, y * reach)
    return f"{name}({start}, {end}{buff})"


def _spell_points(points: tuple[tuple[float, ...], ...]) -> str:
    return ", ".join(
        "[" + ", ".join(spell_number(c) for c in (*point, 0.0)[:3]) + "]" for point in points
    )


def _build_text(thing: Thing, size: float, spot: Spot) -> str:
    size = max(24.0, size * min(1.0, spot.scale))
    if thing.kind == "formula":
        return f"MathTex({_spell_formula(thing.text)!r}, font_size={spell_number(size)})"
    code = f"Text({break_text(thing.text)!r}, font_size={spell_number(size)})"
    return f"{code}.scale_to_fit_width(12)" if spot.width > 12.6 else code  # noqa: PLR2004


def _spell_formula(text: str) -> str:
    """Return a formula as LaTeX has it, where it was typed plainly."""
    for pattern, latex in _LATEX:
        text = re.sub(pattern, latex, text)
    return text


def _build_chart_values(thing: Thing) -> dict[str, str]:
    low, high = thing.range or (-5.0, 5.0)
    step = max(1.0, round((high - low) / 10))
    numbers = thing.numbers or (3.0, 5.0, 2.0, 4.0)
    top = max([1.0, *numbers])
    bottom = min([0.0, *numbers])
    unit = 10 ** math.floor(math.log10((top - bottom) / 4))
    tick = next(f * unit for f in (1, 2, 5, 10) if f * unit * 6 >= top - bottom)
    rows = _reshape(thing) or _number_cells(thing)
    return {
        "range": f"[{spell_number(low)}, {spell_number(high)}, {spell_number(step)}]",
        "values": f"[{', '.join(spell_number(n) for n in numbers)}]",
        "y_range": f"[{spell_number(math.floor(bottom / tick) * tick)}, "
        f"{spell_number(math.ceil(top / tick) * tick)}, {spell_number(tick)}]",
        **_build_slices(numbers),
        "rows": repr([list(row) for row in rows]).replace("'", '"'),
    }


def _build_slices(numbers: tuple[float, ...]) -> dict[str, str]:
    """Return the slices of a pie with where each begins, and the number in each that has room."""
    parts = [number for number in numbers if number > 0] or [1.0]
    start, slices, names = 0.0, [], []
    for number, colour in zip(parts, cycle(PALETTE), strict=False):
        share = number / sum(parts)
        slices.append(f"({start:.4f}, {share:.4f}, {colour})")
        turn = 2 * math.pi * (start + share / 2)
        if share >= _NARROWEST_SLICE:
            x, y = 0.7 * math.cos(turn), 0.7 * math.sin(turn)
            names.append(f'("{spell_number(number)}", {x:.3f}, {y:.3f})')
        start += share
    return {"slices": f"[{', '.join(slices)}]", "names": f"[{', '.join(names)}]"}


def _reshape(thing: Thing) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table; one list in as many rows and columns as requested."""
    columns = int(thing.measures.get("columns", 0))
    cells = thing.rows[0] if len(thing.rows) == 1 else ()
    if columns and len(cells) > columns and len(cells) % columns == 0:
        return tuple(cells[k : k + columns] for k in range(0, len(cells), columns))
    return thing.rows


def _number_cells(thing: Thing) -> tuple[tuple[str, ...], ...]:
    """Return a table of as many rows and columns, its cells numbered."""
    if thing.numbers:
        return (tuple(spell_number(n) for n in thing.numbers),)
    rows = min(8, max(1, int(thing.measures.get("rows", 3))))
    columns = min(10, max(1, int(thing.measures.get("columns", 3))))
    return tuple(tuple(str(r * columns + c + 1) for c in range(columns)) for r in range(rows))


def _build_looks(thing: Thing, colour: str) -> str:
    row, looks = THINGS[thing.kind], thing.looks
    shown = spell_colour(colour)
    if row.family == "solid":
        opacity = looks.get("fill", 0.85)
        return f".set_fill({shown}, {opacity or 0.1}).set_stroke(WHITE, 0.7)"
    if row.family in {"chart", "backdrop"}:
        return f".set_color({shown})" if "colour" in looks else ""
    code = f".set_color({shown})"
    if row.family == "flat" and not row.is_open:
        fill = looks.get("fill", 1.0 if thing.kind in _ALWAYS_FULL or colour == "BLACK" else
                         0.8 if thing.kind in _FILLED else _FILL)  # fmt: skip
        code += f".set_fill(opacity={spell_number(float(str(fill)))})"
    if "outline" in looks:
        code += f".set_stroke({spell_colour(str(looks['outline']))}, 6)"
    if colour == "BLACK" and row.family == "flat":
        code += ".set_stroke(GREY)"
    if "stroke" in looks and row.family in {"flat", "line"}:
        code += f".set_stroke(width={spell_number(float(str(looks['stroke'])))})"
    return code


def choose_label_colour(thing: Thing, colour: str, background: str) -> str:
    """Return black or white, whichever can be read in the thing."""
    is_light = background in BRIGHT
    fill = float(str(thing.looks.get("fill", 0.8 if thing.kind in _FILLED else _FILL)))
    if colour == "BLACK":
        return "WHITE"
    is_bright = colour in BRIGHT and fill > _FILL and not THINGS[thing.kind].is_open
    return "BLACK" if is_bright or is_light else "WHITE"
