"""What a scene's parameter accepts, as its docstring writes it, and how values become that. Pure.

number in [0, 1]    integer in [2, 20]    vector of 2 numbers, entries in [-6, 6]
list of 3 to 8 numbers in [-9, 9]    2x2 matrix, entries in [-5, 5]    expression in x
one of: sin, cos, exp    text, at most 20 characters

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.writing.reading.quantities import Unit, find_unit, load_units
from shaperotator_magic.writing.reading.scan import tidy
from shaperotator_magic.writing.reading.values import Value

_BOUNDS = re.compile(r"\[\s*([-−]?[\d.]+)\s*,\s*([-−]?[\d.]+)\s*\]")
_COUNTS = re.compile(r"(\d+)(?: to (\d+))? (?:numbers|of them)")
_ROWS = re.compile(r"(\d+)x(\d+) matrix")
_IN_UNIT = re.compile(r"\bin ([a-z]+(?: [a-z]+){0,2})")
_LONGEST = re.compile(r"at most (\d+)")
_COUNTED = frozenset(("vector", "list", "points"))
_FORMS = ("number", "integer", "vector", "list", "points", "expression", "one of", "text")


@dataclass(frozen=True)
class Accepts:
    """What one parameter accepts.

    ``form`` is number, integer, vector, list, points, matrix, expression, one of, or text. ``low``
    and ``high`` bound every number; ``fewest`` and ``most`` are how many there may be.
    """

    form: str
    low: float = -1e9
    high: float = 1e9
    fewest: int = 1
    most: int = 1
    choices: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    unit: Unit | None = None

    @property
    def is_share(self) -> bool:
        """Whether it is a number of 0 to 1."""
        return self.form == "number" and self.low >= 0 and self.high <= 1


@functools.lru_cache(maxsize=1024)
def read_accepts(kind: str, help_text: str = "") -> Accepts:
    """Return what a parameter accepts, from its kind and the unit that its help names."""
    bounds = _BOUNDS.search(kind)
    low, high = (
        (float(bound.replace("−", "-")) for bound in bounds.groups()) if bounds else (-1e9, 1e9)
    )
    rows, counts = _ROWS.search(kind), _COUNTS.search(kind)
    if rows:
        return Accepts("matrix", low, high, int(rows[1]), int(rows[2]))
    form = next(form for form in _FORMS if kind.startswith(form))
    fewest, most = (int(counts[1]), int(counts[2] or counts[1])) if counts else (1, 1)
    longest = _LONGEST.search(kind)
    return Accepts(
        form,
        low,
        high,
        fewest,
        int(longest[1]) if form == "text" and longest else most,
        tuple(c.strip() for c in kind.partition(":")[2].split(",")) if form == "one of" else (),
        tuple(re.findall(r"\b[a-z]\b", kind.partition(" in ")[2])) if form == "expression" else (),
        _read_unit(help_text),
    )


def _read_unit(help_text: str) -> Unit | None:
    for match in _IN_UNIT.finditer(help_text.lower()):
        words = match[1].split()
        for count in range(len(words), 0, -1):
            unit = load_units().get(" ".join(words[:count]))
            if unit:
                return unit
    return None


def convert_number(accepts: Accepts, number: float, unit_name: str) -> float | int | None:
    """Return a number in the unit of a parameter; None where the units measure other things."""
    unit = find_unit(unit_name) if unit_name else None
    if unit_name == "share" or (unit and unit.dimension == "share"):
        return tidy(number * (unit.factor if unit else 1)) if accepts.is_share else None
    if unit is None:
        return tidy(number)
    if accepts.unit is None or accepts.unit.dimension != unit.dimension:
        return None
    factor = unit.factor / accepts.unit.factor
    # What was rounded before is rounded again, or 3π/4 would not be 135 degrees.
    return tidy(round(number * factor, 4 if factor > 1 else 6))


def convert_length(accepts: Accepts, value: Value) -> float | int | None:
    """Return a number in a parameter's unit; where it has none, lengths are taken as they are."""
    unit = find_unit(value.unit) if value.unit and not accepts.unit else None
    plain = unit is not None and unit.dimension == "length"
    return convert_number(accepts, value.value, "" if plain else value.unit)


def guess_angle(accepts: Accepts, value: Value) -> str:
    """Return ``rad`` for a multiple of π where an angle is wanted."""
    is_angle = accepts.unit is not None and accepts.unit.dimension == "angle"
    return "rad" if is_angle and re.search(r"π|pi", value.text) else ""


def find_fault(accepts: Accepts, value: Any, name: str) -> str:
    """Return why a value of the right form cannot be taken, or ``""``."""
    numbers = _flatten(value)
    if accepts.form == "integer" and any(n != int(n) for n in numbers):
        return f"{name} is a whole number"
    count = len(value) if isinstance(value, list) else 1
    if accepts.form in _COUNTED and not accepts.fewest <= count <= accepts.most:
        wanted = f"{accepts.fewest} to {accepts.most}" if accepts.form != "vector" else accepts.most
        return f"{name} takes {wanted} {'points' if accepts.form == 'points' else 'numbers'}"
    if any(n > accepts.high for n in numbers):
        return f"{name} may be {accepts.high:g} at most"
    if any(n < accepts.low for n in numbers):
        return f"{name} may be {accepts.low:g} at least"
    return ""


def _flatten(value: Any) -> Sequence[float]:
    if isinstance(value, list):
        return [number for part in value for number in _flatten(part)]
    return [value] if isinstance(value, int | float) else []
