"""Values that a sentence implies: the matrix of 'a rotation by 30 degrees', the curvatures of 'a
bowl' (a quadratic surface). Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shaperotator_magic.writing.reading.equations import build_formula
from shaperotator_magic.writing.reading.formulas import Node, NotMathematicsError, evaluate
from shaperotator_magic.writing.reading.quantities import find_unit
from shaperotator_magic.writing.reading.scan import tidy
from shaperotator_magic.writing.reading.values import Formula, Value
from shaperotator_magic.writing.reading.words import Word

Rows = list[list[float | int]]
_DIGITS = 4
_AXES = {"x": (1.0, 0.0), "y": (0.0, 1.0)}


@dataclass(frozen=True)
class NamedMatrix:
    """The matrix of a map that a sentence names, and the values that it used."""

    rows: Rows
    atoms: tuple[int, ...]
    span: tuple[int, int]


def _round(rows: Sequence[Sequence[float]]) -> Rows:
    return [[tidy(round(entry, _DIGITS) + 0.0) for entry in row] for row in rows]


def _rotation(degrees: float, _: str) -> Rows:
    turn = math.radians(degrees)
    return _round([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])


def _shear(amount: float, axis: str) -> Rows:
    return _round([[1, 0], [amount, 1]] if axis == "y" else [[1, amount], [0, 1]])


def _scaling(factor: float, axis: str) -> Rows:
    return _round([[1 if axis == "y" else factor, 0], [0, 1 if axis == "x" else factor]])


def _reflection(_: float, axis: str) -> Rows:
    a, b = _find_direction(axis)
    return _round([[2 * a * a - 1, 2 * a * b], [2 * a * b, 2 * b * b - 1]])


def _projection(_: float, axis: str) -> Rows:
    a, b = _find_direction(axis)
    return _round([[a * a, a * b], [a * b, b * b]])


def _find_direction(axis: str) -> tuple[float, float]:
    half = math.sqrt(0.5)
    return _AXES.get(axis, (half, -half if axis == "-" else half))


@dataclass(frozen=True)
class _Map:
    """A map of the plane: the words that name it, and what it needs to be known."""

    names: re.Pattern[str]
    build: Callable[[float, str], Rows]
    needs: str  # angle, factor or axis
    default: float | None = None


# The words are those of a sentence in English, joined by spaces.
_MAPS = (
    _Map(re.compile(r"\b(?:rotat\w+|turn(?:s|ed|ing)?)\b"), _rotation, "angle"),
    _Map(re.compile(r"\bquarter turn\b"), _rotation, "angle", 90.0),
    _Map(re.compile(r"\bshear\w*\b"), _shear, "factor", 1.0),
    _Map(re.compile(r"\b(?:reflect\w*|mirror\w*)\b"), _reflection, "axis"),
    _Map(re.compile(r"\bproject\w*\b"), _projection, "axis"),
    _Map(
        re.compile(r"\b(?:scal(?:e|es|ed|ing)|stretch\w*|dilat\w+|enlarg\w+)\b"), _scaling, "factor"
    ),
)
_CLOCKWISE = re.compile(r"\b(?<!counter )(?<!counter-)(?<!anti )clockwise\b")
_AXIS = re.compile(
    r"\b(?P<name>[xy]) (?:axis|direction)\b|\b(?P<flat>horizontal\w*)\b"
    r"|\b(?P<upright>vertical\w*)\b|\b(?P<line>diagonal|line y = (?P<minus>- )?x)\b"
    r"|\bin (?P<short>[xy])\b"
)


def find_named_matrix(words: Sequence[Word], values: Sequence[Value]) -> NamedMatrix | None:
    """Return the matrix that a sentence names by what it does: 'rotate by 90 degrees'."""
    text = " ".join(word.text for word in words).replace(" - ", " ")
    for named in _MAPS:
        match = named.names.search(text)
        if match is None:
            continue
        found = _fill(named, text, values)
        if found is None:
            continue
        rows, atoms = found
        at = text[: match.start()].count(" ")
        spans = [
            (words[at].start, words[at].end),
            *((values[i].start, values[i].end) for i in atoms),
        ]
        return NamedMatrix(rows, atoms, (min(s for s, _ in spans), max(e for _, e in spans)))
    return None


def _fill(named: _Map, text: str, values: Sequence[Value]) -> tuple[Rows, tuple[int, ...]] | None:
    axis = _find_axis(text, values)
    if named.needs == "axis":
        lines = tuple(at for at, value in enumerate(values) if _is_line(value))
        return (named.build(0.0, axis), lines) if axis else None
    for at, value in enumerate(values):
        if value.kind not in {"number", "integer"} or value.is_weak:
            continue
        unit = find_unit(value.unit) if value.unit else None
        if named.needs == "angle" and (unit is None or unit.dimension != "angle"):
            degrees = _guess_degrees(value)
            if degrees is None:
                continue
        else:
            degrees = float(value.value) * (unit.factor if unit else 1)
        sign = -1 if named.needs == "angle" and _CLOCKWISE.search(text) else 1
        if named.needs == "factor" and unit is not None:
            continue
        return named.build(sign * degrees, axis), (at,)
    return (named.build(named.default, axis), ()) if named.default is not None else None


def _guess_degrees(value: Value) -> float | None:
    """Return an angle without a unit in degrees: with π it is in radians."""
    if "π" in value.text or "pi" in value.text:
        return math.degrees(value.value)
    return None if value.unit else float(value.value)


def _is_line(value: Value) -> bool:
    """Return whether a formula is that of a diagonal, as in 'reflection in the line y = x'."""
    return isinstance(value.value, Formula) and value.value.code in {"x", "-x"}


def _find_axis(text: str, values: Sequence[Value]) -> str:
    for value in values:
        if _is_line(value):
            return "-" if value.value.code == "-x" else "="
    match = _AXIS.search(text)
    if match is None:
        return ""
    if match["line"]:
        return "-" if match["minus"] else "="
    return match["name"] or match["short"] or ("x" if match["flat"] else "y")


# --- what a scene finds out itself ------------------------------------------------------


def is_shown(shown: Sequence[str], given: Mapping[str, Any], value: Value) -> bool:
    """Return whether a value is what a scene shows of its parameters, and so part of the question.

    Parameters
    ----------
    shown
        What it shows, as in 'eigenvectors of MATRIX'.
    given
        The values of the parameters that the sentence names.
    """
    for what in shown:
        kind, _, name = what.partition(" of ")
        if name in given and _TESTS[kind](given[name], value):
            return True
    return False


def _is_eigenvector(rows: Rows, value: Value) -> bool:
    if value.kind not in {"vector", "point", "list"} or len(value.value) != len(rows):
        return False
    (a, b), (c, d) = rows
    x, y = value.value
    return bool(x or y) and math.isclose((a * x + b * y) * y, (c * x + d * y) * x, abs_tol=1e-3)


def _is_eigenvalue(rows: Rows, value: Value) -> bool:
    if value.kind not in {"number", "integer"} or value.unit:
        return False
    (a, b), (c, d) = rows
    return math.isclose((a - value.value) * (d - value.value), b * c, abs_tol=1e-3)


_TESTS: dict[str, Callable[[Rows, Value], bool]] = {
    "eigenvectors": _is_eigenvector,
    "eigenvalues": _is_eigenvalue,
}


# --- formulas -----------------------------------------------------------------------------


def derive_curvatures(formula: Formula) -> list[float | int] | None:
    """Return the curvatures of a bowl a·x² + b·y² along x and y; None for another function."""
    if not {"x", "y"} >= set(formula.variables) or formula.is_equation or not formula.variables:
        return None

    def height(x: float, y: float) -> float:
        return evaluate(formula.node, {"x": x, "y": y})

    try:
        base = height(0, 0)
        along = [height(1, 0) - base, height(0, 1) - base]
        probes = [(2.0, 0.0), (0.0, -3.0), (1.0, 2.0), (-1.5, 0.5)]
        is_bowl = all(
            math.isclose(height(x, y) - base, along[0] * x * x + along[1] * y * y, abs_tol=1e-9)
            for x, y in probes
        )
    except NotMathematicsError:
        return None
    return [tidy(2 * height) for height in along] if is_bowl and min(along) > 0 else None


def rename_variable(formula: Formula, wanted: Sequence[str]) -> Formula | None:
    """Return a function of the wanted variables; one of a single other letter gets the wanted."""
    if set(formula.variables) <= set(wanted) and formula.variables:
        return formula
    if len(formula.variables) != 1 or len(wanted) != 1:
        return None
    node = _rename(formula.node, formula.variables[0], wanted[0])
    return replace(build_formula(node, formula.name), is_equation=formula.is_equation)


def _rename(node: Node, old: str, new: str) -> Node:
    name = new if (node.kind, node.name) == ("variable", old) else node.name
    return Node(node.kind, name, tuple(_rename(part, old, new) for part in node.operands))
