"""Finds equalities in texts, and tells whether the numbers hold as they are written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SIGNS = {"−": "-", "·": "*", "×": "*", "÷": "/", "½": "(1/2)", "°": ""}
_ARITHMETIC = re.compile(r"[\d.+\-*/() ]+")
_ROUNDED = 1.5  # units in the last place: a sum or product of rounded numbers may be off by one


def find_wrong_equalities(text: str) -> list[str]:
    """Return what stands around ``=`` and ``≈`` where the two sides differ as they are written.

    What stands behind ``=`` must be the same number; behind ``≈`` it must be the rounded one.
    """
    return [
        f"{left} {sign} {right}"
        for left, sign, right in _find_equalities(text)
        if not _holds(left, sign, right)
    ]


def _find_equalities(text: str) -> Iterator[tuple[str, str, str]]:
    plain = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: f"**{m[0].translate(_SUPERSCRIPTS)}", text)
    for sign, ascii_sign in _SIGNS.items():
        plain = plain.replace(sign, ascii_sign)
    plain = re.sub(r"(\d[\d.]*) ?%", r"(\1*0.01)", plain)
    for line in plain.splitlines():
        parts = re.split("([=≈])", line)
        for place in range(1, len(parts) - 1, 2):
            left = re.split(r"[,;:]|\s{2,}", parts[place - 1].strip())[-1].strip()
            right = re.split(r"[,;:]|\s{2,}", parts[place + 1].strip())[0].strip()
            if all(
                _ARITHMETIC.fullmatch(side) and re.search(r"\d", side) for side in (left, right)
            ):
                yield left, parts[place], right


def _holds(left: str, sign: str, right: str) -> bool:
    is_, was = _compute(left), _compute(right)
    if is_ is None or was is None:
        return True
    if sign == "=":
        return abs(is_ - was) <= 1e-9 * max(1.0, abs(was))
    decimals = re.search(r"\.(\d+)", right.removesuffix("*0.01)"))
    unit = 10.0 ** -(len(decimals[1]) if decimals else 0) * (0.01 if "*0.01" in right else 1.0)
    return abs(is_ - was) <= _ROUNDED * 0.5 * unit


def _compute(expression: str) -> float | None:
    """Return the value of an expression of numbers, None where it is none."""
    try:
        return float(_visit(ast.parse(expression, mode="eval").body))
    except (SyntaxError, TypeError, ZeroDivisionError, OverflowError):
        return None


def _visit(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_visit(operand)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _visit(left), _visit(right)
            values = {ast.Add: a + b, ast.Sub: a - b, ast.Mult: a * b}
            if type(op) is ast.Div:
                return a / b
            if type(op) is ast.Pow:
                return float(a**b)
            return values[type(op)]
    raise TypeError(node)
