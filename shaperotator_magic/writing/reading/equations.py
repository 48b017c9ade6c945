"""Formulas in a sentence: functions, definitions 'y = …', equations and curves. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shaperotator_magic.writing.reading.formulas import (
    Node,
    NotMathematicsError,
    evaluate,
    list_variables,
    parse_formula,
    write_code,
    write_text,
)
from shaperotator_magic.writing.reading.scan import Scan
from shaperotator_magic.writing.reading.values import Formula

_BEGINNING = re.compile(r"(?<![A-Za-z0-9_.'’À-ÿ])[-+(|√\\.\dA-Za-zθπ−]")
_NAME = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-zρ]'?)\s*(?:\(\s*[a-zθ](?:\s*,\s*[a-z])*\s*\))?\s*(?:=|:=)\s*$"
)
_EQUALS = re.compile(r"\s*=\s*")
_INTEGRAND_END = re.compile(r"\s*\bd[xyt]\b")
_OWN_LETTERS = frozenset("xytuv") | {"theta"}


def read_expressions(scan: Scan) -> None:
    """Find functions of one or two variables, and equations."""
    covered = 0
    for start in _find_beginnings(scan.plain):
        if start < covered or not scan.is_free(start, start + 1):
            continue
        found = _parse_at(scan.plain, start)
        if found is None or not scan.is_free(start, found[1]):
            continue
        formula, end = found
        covered = end
        scan.add("expression", formula, (start, end), label=formula.name)


def _find_beginnings(text: str) -> Iterator[int]:
    for match in _BEGINNING.finditer(text):
        yield match.start()


def _parse_at(text: str, start: int) -> tuple[Formula, int] | None:
    try:
        node, end = parse_formula(text, start)
    except NotMathematicsError:
        return None
    equals = _EQUALS.match(text, end)
    if equals and node.kind != "variable":
        equation = _parse_equation(node, text, equals.end())
        if equation:
            return equation
    defined = _NAME.search(text[:start])
    name = defined[1] if defined else ""
    if not list_variables(node) or not _is_harmless(node):
        return None
    # x alone is a letter, unless something equals it: y = x.
    if node.kind == "variable" and not name:
        return None
    return build_formula(node, name), end


def _parse_equation(left: Node, text: str, at: int) -> tuple[Formula, int] | None:
    try:
        right, end = parse_formula(text, at)
    except NotMathematicsError:
        return None
    if not list_variables(left) or not _is_harmless(left) or not _is_harmless(right):
        return None
    is_zero = right == Node("number", "0")
    node = left if is_zero else Node("-", operands=(left, right))
    formula = Formula(
        code=write_code(node),
        text=f"{write_text(left)} = {write_text(right)}",
        variables=list_variables(node),
        is_equation=True,
        node=node,
    )
    return formula, end


def build_formula(node: Node, name: str = "") -> Formula:
    """Return a parsed tree as a formula."""
    return Formula(write_code(node), write_text(node), list_variables(node), name, node=node)


def _is_harmless(node: Node) -> bool:
    """Return whether the constant parts of a formula can be computed: no 9**9**9."""
    if not list_variables(node):
        try:
            evaluate(node)
        except NotMathematicsError:
            return False
        return True
    return all(_is_harmless(part) for part in node.operands)


def read_curves(scan: Scan) -> None:
    """Find curves given by a function for each coordinate: (cos t, sin t)."""
    for match in re.finditer(r"[(⟨<\[]", scan.plain):
        if not scan.is_free(match.start(), match.end()):
            continue
        formulas, end = _parse_coordinates(scan.plain, match.end())
        names = {name for formula in formulas for name in formula.variables}
        is_curve = len(formulas) > 1 and len(names) == 1 and names <= {"t", "theta", "u"}
        if is_curve and scan.is_free(match.start(), end):
            scan.add("curve", tuple(formulas), (match.start(), end))


def _parse_coordinates(text: str, at: int) -> tuple[list[Formula], int]:
    formulas: list[Formula] = []
    while True:
        try:
            node, at = parse_formula(text, at)
        except NotMathematicsError:
            return [], at
        if not _is_harmless(node):
            return [], at
        formulas.append(build_formula(node))
        match = re.compile(r"\s*([,)⟩>\]])\s*").match(text, at)
        if match is None:
            return [], at
        if match[1] != ",":
            return formulas, at + len(match[0].rstrip())
        at = match.end()
