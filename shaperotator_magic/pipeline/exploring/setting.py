"""Other values for the parameters of a scene: checked, and put into its source. Pure.

A value is a literal. It is never evaluated, and what is written into the source is made here, from
numbers, words and parsed formulas alone.

Runs wherever results are shown: in a kernel, a service or ``share``.
"""

from __future__ import annotations

import ast
import difflib
import math
from collections.abc import Callable, Mapping
from typing import Any

from shaperotator_magic.core.errors import ParameterError
from shaperotator_magic.core.records import Parameter, SceneCode
from shaperotator_magic.pipeline.exploring.constants import (
    find_constants,
    find_functions,
    replace_nodes,
)
from shaperotator_magic.pipeline.exploring.parameters import TEXT_SUFFIX, read_parameters
from shaperotator_magic.pipeline.exploring.ranges import flatten
from shaperotator_magic.writing.reading.formulas import (
    Node,
    NotMathematicsError,
    list_variables,
    parse_formula,
    write_code,
    write_text,
)

_LARGEST = 1e6  # where the writer gave no range
_LONGEST_FORMULA = 200
_MOST_DIGITS = 12
_NOISE = 4e-16  # relative, of a sum of few numbers


def set_parameters(code: SceneCode, values: Mapping[str, Any]) -> SceneCode:
    """Return a scene with other values for some of its parameters.

    Parameters
    ----------
    values
        By name: numbers, lists, words, and the text of a formula for an expression.

    Raises
    ------
    ParameterError
        The scene has no such parameter, or it cannot have this value.
    """
    parameters = {row.name: row for row in read_parameters(code)}
    rows = [(find_parameter(parameters, name), value) for name, value in values.items()]
    checked = {row.name: check_value(row, value) for row, value in rows}
    constants, functions = find_constants(code.source), find_functions(code.source)
    texts: dict[ast.expr | ast.stmt, str] = {}
    for name, value in checked.items():
        row = parameters[name]
        if value == row.value:
            continue
        if row.kind == "expression":
            formula = _parse_formula(row, value)
            texts[functions[name]] = f"def {name}({', '.join(row.variables)}):\n    return " + (
                write_code(formula)
            )
            texts[constants[f"{name}{TEXT_SUFFIX}"].node] = repr(value)
        else:
            texts[constants[name].node] = _write_literal(value, constants[name].value)
    told = {**code.origin.parameters, **checked} if code.origin.writer == "library" else {}
    return code.model_copy(
        update={
            "source": replace_nodes(code.source, texts),
            "origin": code.origin.model_copy(update={"parameters": told}),
        }
    )


def find_parameter(parameters: Mapping[str, Parameter], name: str) -> Parameter:
    """Return the parameter of this name; upper and lower case are the same.

    Raises
    ------
    ParameterError
        There is none.
    """
    found = parameters.get(name) or next(
        (row for row in parameters.values() if row.name.lower() == name.lower()), None
    )
    if found is not None:
        return found
    if not parameters:
        raise ParameterError("This scene has no parameters.", hint="Say in words what to change.")
    near = difflib.get_close_matches(name.upper(), parameters, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise ParameterError(
        f"The scene has no parameter {name}.",
        hint=f"{meant}It has {', '.join(parameters)}.",
        parameter=name,
    )


def check_value(row: Parameter, value: Any) -> Any:
    """Return a value as a parameter holds it.

    Raises
    ------
    ParameterError
        It cannot have this value; the message says why in one sentence.
    """
    if value == row.value and type(value) is type(row.value):
        return value
    if row.kind == "expression":
        return write_text(_parse_formula(row, value))
    fault = _CHECKS[row.kind](row, value)
    if fault:
        raise ParameterError(f"{row.name} {fault}.", parameter=row.name)
    return _round(row, value)


def describe_change(before: SceneCode, values: Mapping[str, Any]) -> str:
    """Return one line that says what is changed: ``RATE 0.3 → 0.5``."""
    rows = {row.name: row for row in read_parameters(before)}
    return ", ".join(
        f"{name} {spell_value(rows[name].value)} → {spell_value(value)}"
        for name, value in values.items()
    )


def spell_value(value: Any) -> str:
    """Return a value as it is written in a line: without spaces in lists."""
    if value is None:
        return "auto"
    if isinstance(value, list):
        return f"[{','.join(map(spell_value, value))}]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def read_assignments(text: str) -> dict[str, Any]:
    """Read ``RATE=0.5 MATRIX=[[2,0],[0,3]]``: what is no literal is a word or a formula.

    Raises
    ------
    ParameterError
        There is something before the first name.
    """
    found: dict[str, Any] = {}
    parts = text.replace("==", "= ").split("=")
    names = [part.split()[-1] if part.split() else "" for part in parts[:-1]]
    if not names or not all(name.isidentifier() for name in names) or parts[0].split() != names[:1]:
        raise ParameterError(
            f"{text.strip()!r} sets no parameter." if text.strip() else "No parameter is set.",
            hint="Write NAME=VALUE: %shaperotate set RATE=0.5 MATRIX=[[2,0],[0,3]]",
        )
    for at, name in enumerate(names):
        rest = parts[at + 1].rstrip()
        last = at + 1 == len(names)
        found[name] = _read_value(rest if last else rest.removesuffix(names[at + 1]).strip())
    return found


def _read_value(text: str) -> Any:
    try:
        return _as_json(ast.literal_eval(text.strip()))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return text.strip()


def _as_json(value: Any) -> Any:
    return [_as_json(part) for part in value] if isinstance(value, list | tuple) else value


# --- checks: why a parameter cannot have a value, or nothing ----------------------------


def _check_number(row: Parameter, value: Any) -> str:
    if not _is_number(value):
        return "is a whole number" if row.kind == "integer" else "is a number"
    if row.kind == "integer" and value != int(value):
        return "is a whole number"
    return _check_bounds(row, value)


def _check_bounds(row: Parameter, value: Any) -> str:
    low, high = row.low, row.high
    if not row.is_bounded or low is None or high is None:
        low, high = -_LARGEST, _LARGEST
    numbers = list(flatten(value))
    if any(number > high for number in numbers):
        return f"may be {high:g} at most"
    if any(number < low for number in numbers):
        return f"may be {low:g} at least"
    return ""


def _check_list(row: Parameter, value: Any) -> str:
    if not isinstance(value, list) or not all(map(_is_number, value)):
        return "is a list of numbers: [1, 2]"
    if not row.fewest <= len(value) <= row.most:
        return f"takes {_spell_count(row)} numbers, these are {len(value)}"
    return _check_bounds(row, value)


def _check_matrix(row: Parameter, value: Any) -> str:
    if not _is_table(value, row.fewest, row.most):
        return f"has {row.fewest} rows of {row.most} numbers: [[1, 0], [0, 1]]"
    return _check_bounds(row, value)


def _check_points(row: Parameter, value: Any) -> str:
    if not isinstance(value, list) or not _is_table(value, len(value), 2):
        return "is a list of points: [[0, 1], [2, 3]]"
    if not row.fewest <= len(value) <= row.most:
        return f"takes {_spell_count(row)} points, these are {len(value)}"
    return _check_bounds(row, value)


def _check_choice(row: Parameter, value: Any) -> str:
    return "" if value in row.choices else f"is one of: {', '.join(row.choices)}"


def _check_text(row: Parameter, value: Any) -> str:
    if not isinstance(value, str) or "\n" in value:
        return "is a text of one line"
    return f"has {row.most} characters at most" if len(value) > row.most else ""


def _check_switch(_: Parameter, value: Any) -> str:
    return "" if isinstance(value, bool) else "is True or False"


_CHECKS: dict[str, Callable[[Parameter, Any], str]] = {
    "number": _check_number,
    "integer": _check_number,
    "vector": _check_list,
    "list": _check_list,
    "matrix": _check_matrix,
    "points": _check_points,
    "choice": _check_choice,
    "text": _check_text,
    "switch": _check_switch,
}


def _is_number(value: Any) -> bool:
    is_real = isinstance(value, int | float) and not isinstance(value, bool)
    return is_real and math.isfinite(value)


def _is_table(value: Any, rows: int, columns: int) -> bool:
    def is_row(row: Any) -> bool:
        return isinstance(row, list) and len(row) == columns and all(map(_is_number, row))

    return isinstance(value, list) and len(value) == rows and all(map(is_row, value))


def _spell_count(row: Parameter) -> str:
    return str(row.most) if row.fewest == row.most else f"{row.fewest} to {row.most}"


# --- sources ----------------------------------------------------------------------------


def _parse_formula(row: Parameter, value: Any) -> Node:
    text = str(value).replace("**", "^").strip()
    wanted = ", ".join(row.variables)
    try:
        if not isinstance(value, str) and not _is_number(value):
            raise NotMathematicsError
        node, end = parse_formula(text[:_LONGEST_FORMULA], 0)
    except (NotMathematicsError, RecursionError):
        end = 0
    if not text or end < len(text):
        unknown = repr(text[end : end + 20]) if text else "an empty one"
        raise ParameterError(
            f"{row.name} is a formula in {wanted}; {unknown} is none.",
            hint="Write sin(x) + x^2, for example.",
            parameter=row.name,
        )
    if strange := set(list_variables(node)) - set(row.variables):
        raise ParameterError(
            f"{row.name} is a formula in {wanted}, not in {', '.join(sorted(strange))}.",
            parameter=row.name,
        )
    return node


def _round(row: Parameter, value: Any) -> Any:
    """Return numbers without the noise of a slider: 0.30000000000000004 is 0.3."""
    if isinstance(value, list):
        return [_round(row, part) for part in value]
    if not _is_number(value):
        return value
    tidy = float(f"{value:.{_MOST_DIGITS}g}")
    if abs(tidy - value) > _NOISE * abs(value):
        return value
    is_whole = tidy == int(tidy) and (row.kind == "integer" or isinstance(value, int))
    return int(tidy) if is_whole else tidy


def _write_literal(value: Any, before: Any) -> str:
    """Return the source of a value, of the same containers as the one before."""
    if isinstance(value, list):
        is_tuple = isinstance(before, tuple)
        old = list(before) if isinstance(before, list | tuple) else []
        parts = [_write_literal(part, old[0] if old else None) for part in value]
        return f"({', '.join(parts)},)" if is_tuple else f"[{', '.join(parts)}]"
    if isinstance(before, float) and isinstance(value, int):
        return repr(float(value))
    return repr(value)
