"""Whether a scene of the library was filled with the values that a sentence wants.

A wanted value is ``NAME=value`` of one parameter, ``*=value`` of any parameter, or ``!text`` for a
value that no parameter can take and that has to be reported. ``|`` stands between alternatives.
Numbers agree within half a percent, functions where both are defined.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

from shaperotator_magic.core.records import SceneCode
from shaperotator_magic.writing.library.scene_files import LibraryScene

_TOLERANCE = 5e-3
_SAMPLES = np.linspace(-2.9, 2.9, 24)
_FEWEST_SAMPLES = 4
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:/\d+)?$")
_RULES = (*standard_transformations, implicit_multiplication_application, convert_xor)


@dataclass(frozen=True)
class Comparison:
    """Values of one sentence that are wrong, and those of them that were not reported either."""

    wrong: tuple[str, ...]
    unreported: tuple[str, ...]


def compare_values(
    code: SceneCode, scene: LibraryScene, wanted: Sequence[str], reports: Sequence[str]
) -> Comparison:
    """Compare a filled scene with what a sentence wants.

    Parameters
    ----------
    reports
        What the user is told of values that are not used.
    """
    drawn = _Drawn(code, scene)
    wrong = [item for item in wanted if not _is_satisfied(item, drawn, reports)]
    named = {item.partition("=")[0].upper() for item in wanted}
    if "*" not in named:
        wrong += [f"{name}={drawn.read[name]!r} unasked" for name in drawn.list_changed() - named]
    unreported = [item for item in wrong if "=" not in item or not _is_reported(item, reports)]
    return Comparison(tuple(wrong), tuple(unreported))


class _Drawn:
    """The constants and functions of a filled scene, beside what was read."""

    def __init__(self, code: SceneCode, scene: LibraryScene) -> None:
        parameters = {row.name for row in scene.parameters}
        read = code.origin.parameters.items()
        self.read = {name: value for name, value in read if name in parameters}
        self.constants = dict(_list_constants(code.source))
        self._own = dict(_list_constants(scene.body))

    def list_changed(self) -> set[str]:
        """Return the parameters whose value is not the scene's own."""
        return {
            name
            for name in self.read
            if name in self._own and not callable(self._own[name])
            if self.constants.get(name) != self._own[name]
        }


def _is_satisfied(item: str, drawn: _Drawn, reports: Sequence[str]) -> bool:
    if item.startswith("!"):
        used = drawn.read.values()
        return _is_reported(item, reports) or any(_agrees(item[1:], value) for value in used)
    name, _, value = item.partition("=")
    if name == "*":
        candidates = [drawn.constants.get(key, read) for key, read in drawn.read.items()]
    else:
        candidates = [drawn.constants.get(name.upper())]
    return any(_agrees(choice, found) for choice in value.split("|") for found in candidates)


def _is_reported(item: str, reports: Sequence[str]) -> bool:
    numbers = re.findall(r"\d+(?:\.\d+)?", item.partition("=")[2] or item)
    said = set(re.findall(r"\d+(?:\.\d+)?", " ".join(reports)))
    return bool(numbers) and said >= set(numbers)


def _agrees(wanted: str, found: Any) -> bool:
    if callable(found):
        return is_same_function(wanted, found)
    if isinstance(found, str):
        return wanted.lower() == found.lower()
    numbers, others = _read_numbers(wanted), _flatten(found)
    if numbers is None or len(numbers) != len(others):
        return False
    return all(
        abs(a - b) <= _TOLERANCE * max(1, abs(a)) for a, b in zip(numbers, others, strict=True)
    )


def _read_numbers(text: str) -> list[float] | None:
    parts = [part for part in re.split(r"[,\[\]\s]+", text) if part]
    if not all(_NUMBER.match(part) for part in parts):
        return None
    return [float(sympy.Rational(part)) for part in parts]


def _flatten(value: Any) -> list[float]:
    if isinstance(value, list | tuple):
        return [number for item in value for number in _flatten(item)]
    if isinstance(value, complex):
        return [value.real, value.imag]
    return [float(value)] if isinstance(value, int | float) else []


def is_same_function(wanted: str, found: Callable[[Any], Any]) -> bool:
    """Tell whether a function of one number agrees with an expression in x."""
    expected = sympy.lambdify("x", parse_expr(wanted, transformations=_RULES), "numpy")
    agreeing = 0
    for x in _SAMPLES:
        a, b = _sample(expected, x), _sample(found, x)
        if np.isnan(a) or np.isnan(b) or max(abs(a), abs(b)) > 1e3:
            continue
        if abs(a - b) > _TOLERANCE * max(1, abs(a)):
            return False
        agreeing += 1
    return agreeing >= _FEWEST_SAMPLES


def _sample(function: Callable[[Any], Any], x: float) -> float:
    try:
        with np.errstate(all="ignore"):
            return float(np.real_if_close(function(float(x))))
    except (ArithmeticError, TypeError, ValueError):
        return float("nan")


def _list_constants(source: str) -> Iterator[tuple[str, Any]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                yield node.targets[0].id, ast.literal_eval(node.value)
            except ValueError:
                continue
        elif isinstance(node, ast.FunctionDef) and len(node.args.args) == 1:
            names: dict[str, Any] = {"np": np}
            exec(compile(ast.Module([node], []), node.name, "exec"), names)
            yield node.name, names[node.name]
