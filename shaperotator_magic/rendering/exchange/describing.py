"""What is sent to a model of kernel variables: name, type, shape; the value only on request.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from shaperotator_magic.core.records import Variable
from shaperotator_magic.rendering.exchange.variables import encode_variables, is_plain_array

LARGEST_VALUE_CHARS = 2000  # of one variable; about 1000 tokens where it holds numbers
_MOST_COLUMNS = 20
_MOST_ROWS = 40
_MOST_NUMBERS = 400


def describe_variables(
    values: Mapping[str, Any], *, with_values: bool = False
) -> tuple[Variable, ...]:
    """Return what a model may know of the variables that a scene uses.

    Parameters
    ----------
    with_values
        Write each value down, too, up to 2000 characters.

    Raises
    ------
    VariableError
        The value is wanted, and its type is not one that is sent.
    """
    if with_values:
        encode_variables(values)  # what may not be drawn may not be described either
    return tuple(
        _describe(name, value, _write(value) if with_values else "")
        for name, value in values.items()
    )


def _describe(name: str, value: Any, written: str) -> Variable:
    kind = type(value)
    module = kind.__module__.split(".")[0]
    type_name = kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"
    shape = getattr(value, "shape", None)
    is_shape = isinstance(shape, tuple) and all(isinstance(size, int) for size in shape)
    return Variable(
        name=name,
        type_name=type_name,
        shape=tuple(shape) if is_shape and shape is not None else None,
        summary=_summarise(value),
        value=written[:LARGEST_VALUE_CHARS],
        value_chars=len(written),
    )


def _summarise(value: Any) -> str:
    """Summarise a value without its content: lengths, types, names of columns."""
    columns = getattr(value, "columns", None)
    if columns is not None:
        kinds = [f"{name} ({kind})" for name, kind in zip(columns, value.dtypes, strict=True)]
        return "columns " + ", ".join(kinds[:_MOST_COLUMNS])
    if is_plain_array(value):
        return f"dtype {value.dtype}"
    if isinstance(value, Mapping):
        return f"{len(value)} keys"
    if isinstance(value, list | tuple | set | frozenset):
        kinds = sorted({type(item).__name__ for item in value})
        return f"{len(value)} items of {', '.join(kinds[:5])}" if kinds else "empty"
    return f"{len(value)} characters" if isinstance(value, str) else ""


def _write(value: Any) -> str:
    """Return a value as a text; of a large array or frame the beginning and the end."""
    if is_plain_array(value):
        numpy = sys.modules["numpy"]
        return str(numpy.array2string(value, separator=", ", threshold=_MOST_NUMBERS))
    if hasattr(value, "to_string"):  # a frame or a series of pandas
        text: str = value.to_string(max_rows=_MOST_ROWS)
        return text
    return repr(value)
