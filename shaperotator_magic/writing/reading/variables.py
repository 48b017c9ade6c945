"""Values of the variables that a sentence names, as if it spelt them out. Pure.

The caller hands the variables over: those of the kernel, in a notebook. The built-in library reads
them here; what a model is sent is decided in ``writing/model/prompts.py``.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shaperotator_magic.writing.reading.scan import tidy
from shaperotator_magic.writing.reading.values import Kind, Value

_MOST_NUMBERS = 64
_LARGEST = 1e12


def read_variables(text: str, variables: Mapping[str, Any]) -> tuple[Value, ...]:
    """Return the values of variables, each at the place where the sentence has its name.

    One that the caller chose and the sentence does not name (``--var``) is returned, too, at the
    end of the text. What is no number, no text and no
    small table of numbers is skipped.
    """
    found = (_read_variable(text, name, held) for name, held in variables.items())
    return tuple(value for value in found if value is not None)


def _read_variable(text: str, name: str, held: Any) -> Value | None:
    read = _read_held(held)
    if read is None:
        return None
    match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    start, end = match.span() if match else (len(text), len(text))
    return Value(kind=read[0], value=read[1], text=name, start=start, end=end, label=name)


def _read_held(held: Any) -> tuple[Kind, Any] | None:
    if isinstance(held, str):
        return "text", held
    if isinstance(held, complex):
        parts = [held.real, held.imag]
        return ("complex", [tidy(n) for n in parts]) if all(map(_is_usable, parts)) else None
    if hasattr(held, "tolist") and getattr(held, "size", _MOST_NUMBERS + 1) <= _MOST_NUMBERS:
        held = held.tolist()
    if isinstance(held, bool):
        return None
    if isinstance(held, int | float):
        return _read_number(held)
    if isinstance(held, list | tuple) and 1 < len(held) <= _MOST_NUMBERS:
        return _read_rows(held) or _read_list(held)
    return None


def _read_number(number: float) -> tuple[Kind, Any] | None:
    if not _is_usable(number):
        return None
    return ("integer" if isinstance(number, int) else "number"), tidy(number)


def _read_list(held: list[Any] | tuple[Any, ...]) -> tuple[Kind, Any] | None:
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in held):
        return None
    return ("list", [tidy(n) for n in held]) if all(map(_is_usable, held)) else None


def _is_usable(number: float) -> bool:
    return isinstance(number, int | float) and -_LARGEST <= number <= _LARGEST


def _read_rows(held: list[Any] | tuple[Any, ...]) -> tuple[Kind, Any] | None:
    rows = [_read_list(row) if isinstance(row, list | tuple) else None for row in held]
    full = [row[1] for row in rows if row is not None]
    if len(full) < len(rows) or len({len(row) for row in full}) != 1:
        return None
    return "matrix", full
