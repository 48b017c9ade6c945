"""Kernel variables on their way to a scene: safe serialisation.

Values reach a scene's process as JSON, arrays as base64 of their bytes. Nothing here unpickles or
evaluates: a value that cannot be written this way is refused by name. A SymPy expression is sent as
the tree of its classes and numbers, and rebuilt from an allowed list.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from shaperotator_magic.core.errors import VariableError

LARGEST_BYTES = 20_000_000
_HINT = "Sent are numbers, texts, lists, dicts, NumPy arrays, pandas frames, SymPy expressions."
_SCALARS = (bool, int, float, str, type(None))
_DEEPEST = 50
_KINDS_SENT = "biufcUSmM"  # of dtypes: no objects
_DTYPE = re.compile(rf"[<>|=]?[{_KINDS_SENT}]\d*(\[\d*\w+\])?")


def encode_variables(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON-able data.

    Raises
    ------
    VariableError
        A value has a type that is not sent, or all together exceed 20 MB.
    """
    encoded = {name: _encode_variable(name, value) for name, value in values.items()}
    size = sum(_measure(data) for data in encoded.values())
    if size > LARGEST_BYTES:
        names = ", ".join(values)
        raise VariableError(
            f"{names} hold {size // 1_000_000} MB; at most 20 MB are sent.",
            hint="Send less of it: a slice, a sample, a rounded copy.",
            name=names,
        )
    return encoded


def decode_variables(encoded: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values again, as they were."""
    return {name: _decode(data) for name, data in encoded.items()}


def encode_leaf(value: Any) -> Any | None:
    """Return a scalar, text, range, bytes or array as data; None where it is none of these."""
    if type(value) in _SCALARS:
        return value
    for tag, is_kind, to_data in _LEAVES:
        if is_kind(value):
            return {"kind": tag, "data": to_data(value, None)}
    return None


def decode_value(data: Any) -> Any:
    """Return one value of ``encode_variables`` or ``encode_leaf``."""
    return _decode(data)


def _measure(data: Any) -> int:
    if isinstance(data, dict):
        return sum(len(key) + _measure(item) for key, item in data.items())
    if isinstance(data, list):
        return sum(map(_measure, data)) + len(data)
    return len(data) if isinstance(data, str) else 8


class _NotSentError(Exception):
    """A part of a value that cannot be sent; the message names it."""


def _encode_variable(name: str, value: Any) -> Any:
    try:
        return _encode(value, 0)
    except _NotSentError as exc:
        raise VariableError(
            f"{name} holds {exc}, which is not sent.", hint=_HINT, name=name
        ) from exc


def _encode(value: Any, depth: int) -> Any:
    if type(value) in _SCALARS:
        return value
    if depth > _DEEPEST:
        raise _NotSentError(f"values nested more than {_DEEPEST} deep")
    for tag, is_kind, to_data in _KINDS:
        if is_kind(value):
            return {"kind": tag, "data": to_data(value, lambda item: _encode(item, depth + 1))}
    kind = type(value)
    raise _NotSentError(f"a {kind.__module__}.{kind.__qualname__}".replace("a builtins.", "a "))


def _decode(data: Any) -> Any:
    return _FROM_DATA[data["kind"]](data["data"]) if isinstance(data, dict) else data


def is_plain_array(value: Any) -> bool:
    """Return whether a value is a NumPy array without objects in it."""
    # A value can only be of NumPy where NumPy is imported already; who sends none needs none.
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(value) is numpy.ndarray and value.dtype.kind in _KINDS_SENT


def _is_numpy_scalar(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return (
        numpy is not None and isinstance(value, numpy.generic) and value.dtype.kind in _KINDS_SENT
    )


def _array_to_data(value: Any, _: Any) -> dict[str, Any]:
    import numpy as np

    content = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
    return {"dtype": value.dtype.str, "shape": list(value.shape), "bytes": content}


def _data_to_array(data: Any) -> Any:
    import numpy as np

    if not _DTYPE.fullmatch(data["dtype"]):
        raise ValueError("no dtype of ours")
    raw = base64.b64decode(data["bytes"])
    return np.frombuffer(raw, dtype=np.dtype(data["dtype"])).reshape(data["shape"]).copy()


def _is_pandas(kind: str) -> Callable[[Any], bool]:
    # A value can only be of pandas where pandas is imported already.
    def is_kind(value: Any) -> bool:
        pandas = sys.modules.get("pandas")
        return pandas is not None and type(value) is getattr(pandas, kind)

    return is_kind


def _frame_to_data(value: Any, encode: Callable[[Any], Any]) -> dict[str, Any]:
    columns = [encode(_column_values(value.iloc[:, at])) for at in range(value.shape[1])]
    return {
        "names": encode(list(value.columns)),
        "index": encode(_column_values(value.index)),
        "columns": columns,
    }


def _data_to_frame(data: Any) -> Any:
    import pandas

    columns = dict(enumerate(_decode(column) for column in data["columns"]))
    frame = pandas.DataFrame(columns, index=_decode(data["index"]))
    frame.columns = _decode(data["names"])
    return frame


def _series_to_data(value: Any, encode: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        "name": encode(value.name),
        "index": encode(_column_values(value.index)),
        "values": encode(_column_values(value)),
    }


def _data_to_series(data: Any) -> Any:
    import pandas

    return pandas.Series(
        _decode(data["values"]), index=_decode(data["index"]), name=_decode(data["name"])
    )


def _column_values(column: Any) -> Any:
    array = column.to_numpy()
    return array if is_plain_array(array) else array.tolist()


_SYMPY_CONSTANTS = frozenset(
    ["Pi", "Exp1", "ImaginaryUnit", "Infinity", "NegativeInfinity", "BooleanTrue", "BooleanFalse"]
)
_SYMPY_CLASSES = {
    "Add", "Mul", "Pow", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh",
    "tanh", "exp", "log", "Abs", "sign", "Equality", "Tuple", "Piecewise", "LessThan",
    "StrictLessThan", "GreaterThan", "StrictGreaterThan", "Max", "Min", "floor", "ceiling",
    "factorial", "gamma", "erf",
}  # fmt: skip


def _is_sympy(value: Any) -> bool:
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(value, sympy.Basic | sympy.MatrixBase)


def _sympy_to_data(value: Any, encode: Callable[[Any], Any]) -> dict[str, Any]:
    import sympy

    name = type(value).__name__
    if isinstance(value, sympy.MatrixBase):
        return {"rows": [[encode(item) for item in row] for row in value.tolist()]}
    if isinstance(value, sympy.Symbol):
        return {"symbol": value.name}
    if isinstance(value, sympy.Rational | sympy.Float):
        kind = "Float" if isinstance(value, sympy.Float) else "Rational"
        return {"number": str(value), "class": kind}
    if name in _SYMPY_CONSTANTS:
        return {"constant": name}
    if name == "ExprCondPair":
        name = "Tuple"  # Piecewise makes its pairs of tuples itself
    if name in _SYMPY_CLASSES:
        return {"class": name, "arguments": [encode(item) for item in value.args]}
    raise _NotSentError(f"a sympy.{name}")


def _data_to_sympy(data: Any) -> Any:
    import sympy

    if "rows" in data:
        return sympy.Matrix([[_decode(item) for item in row] for row in data["rows"]])
    if "symbol" in data:
        return sympy.Symbol(data["symbol"])
    if "number" in data:
        return (sympy.Float if data["class"] == "Float" else sympy.Rational)(data["number"])
    if data.get("constant") in _SYMPY_CONSTANTS:
        # sympy.S.true is the one instance of BooleanTrue; the others are named as their class.
        return getattr(
            sympy.S,
            {"BooleanTrue": "true", "BooleanFalse": "false"}.get(
                data["constant"], data["constant"]
            ),
        )
    if data["class"] not in _SYMPY_CLASSES:
        raise _NotSentError(f"a sympy.{data['class']}")
    return getattr(sympy, data["class"])(*(_decode(item) for item in data["arguments"]))


_Kind = tuple[str, Callable[[Any], bool], Callable[..., Any]]

# What has no items of other kinds.
_LEAVES: tuple[_Kind, ...] = (
    ("complex", lambda v: type(v) is complex, lambda v, _: [v.real, v.imag]),
    ("range", lambda v: type(v) is range, lambda v, _: [v.start, v.stop, v.step]),
    ("bytes", lambda v: type(v) is bytes, lambda v, _: base64.b64encode(v).decode()),
    ("array", is_plain_array, _array_to_data),
    ("scalar", _is_numpy_scalar, _array_to_data),
)

# kind, which values are of it, value and encoder of its items -> data; first match wins.
_KINDS: tuple[_Kind, ...] = (
    ("list", lambda v: type(v) is list, lambda v, encode: [encode(item) for item in v]),
    ("tuple", lambda v: type(v) is tuple, lambda v, encode: [encode(item) for item in v]),
    ("set", lambda v: type(v) is set, lambda v, encode: [encode(i) for i in v]),
    ("frozenset", lambda v: type(v) is frozenset, lambda v, encode: [encode(i) for i in v]),
    (
        "dict",
        lambda v: type(v) is dict,
        lambda v, encode: [[encode(key), encode(item)] for key, item in v.items()],
    ),
    *_LEAVES,
    ("frame", _is_pandas("DataFrame"), _frame_to_data),
    ("series", _is_pandas("Series"), _series_to_data),
    ("sympy", _is_sympy, _sympy_to_data),
)

_FROM_DATA: dict[str, Callable[[Any], Any]] = {
    "list": lambda data: [_decode(item) for item in data],
    "tuple": lambda data: tuple(_decode(item) for item in data),
    "set": lambda data: {_decode(item) for item in data},
    "frozenset": lambda data: frozenset(_decode(item) for item in data),
    "bytes": lambda data: base64.b64decode(data, validate=True),
    "dict": lambda data: {_decode(key): _decode(item) for key, item in data},
    "complex": lambda data: complex(*data),
    "range": lambda data: range(*data),
    "array": _data_to_array,
    "scalar": lambda data: _data_to_array(data)[()],
    "frame": _data_to_frame,
    "series": _data_to_series,
    "sympy": _data_to_sympy,
}
