"""Kernel variables cross as data, are told by shape, and what cannot cross is refused by name."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.core.errors import VariableError
from shaperotator_magic.rendering.exchange.describing import describe_variables
from shaperotator_magic.rendering.exchange.variables import (
    decode_variables,
    encode_variables,
)


def send(value: Any) -> Any:
    """Take a value through JSON and back, as a render does."""
    return decode_variables(json.loads(json.dumps(encode_variables({"v": value}))))["v"]


@pytest.mark.parametrize(
    "value",
    [
        3, -2.5, True, None, "λ \\frac{1}{2}", 2 + 3j, range(2, 9, 3), [1, [2, "x"]], (1, (2,)),
        {1, 2}, {"a": [1, 2], 3: (4, None), (5, 6): "key"}, [], {}, float("inf"), 10**40,
    ],
)  # fmt: skip
def test_variable_of_plain_python_arrives_as_it_was(value: Any) -> None:
    arrived = send(value)
    assert arrived == value
    assert type(arrived) is type(value)


@pytest.mark.parametrize("dtype", ["float64", "int8", "bool", "complex128", "U5", ">f4", "M8[s]"])
def test_variable_array_arrives_with_dtype_and_shape(dtype: str) -> None:
    array = np.arange(6).astype(dtype).reshape(2, 3)[:, ::2]
    arrived = send(array)
    assert arrived.dtype == array.dtype
    assert np.array_equal(arrived, array)
    assert arrived.flags.writeable


def test_variable_numpy_scalar_arrives() -> None:
    arrived = send(np.float32(2.5))
    assert (type(arrived), arrived) == (np.float32, 2.5)


def test_variable_sympy_expression_arrives() -> None:
    sympy = pytest.importorskip("sympy")
    x, y = sympy.symbols("x y")
    for expression in (
        x**2 + sympy.Rational(1, 3) * sympy.sin(y) - sympy.pi, sympy.exp(-x) / y,
        sympy.Matrix([[x, 1], [0, y]]), sympy.Eq(x, 2), sympy.sqrt(2) * sympy.I,
        sympy.Piecewise((x, x < 1), (1, True)), sympy.Float("0.25"), sympy.oo,
    ):  # fmt: skip
        assert send(expression) == expression


def test_variable_pandas_frame_arrives() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.5, 2], "b": ["x", None]}, index=["p", "q"])
    assert send(frame).equals(frame)
    assert send(frame["a"]).equals(frame["a"])


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (object(), "object"),
        (print, "builtin_function_or_method"),
        ([1, {"deep": {1, object()}}], "object"),
        (np.array([object()]), "numpy.ndarray"),
        (OrderedDict(a=1), "OrderedDict"),
        (type("Sneaky", (dict,), {}), "type"),
    ],
)
def test_variable_of_a_refused_type_is_named(value: Any, named: str) -> None:
    with pytest.raises(VariableError, match="which is not sent") as caught:
        encode_variables({"fine": 1, "wrong": value})
    assert caught.value.name == "wrong"
    assert named in caught.value.message


def test_variable_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(VariableError, match="nested"):
        encode_variables({"loop": loop})


def test_variables_too_large_are_refused() -> None:
    with pytest.raises(VariableError, match="at most 20 MB"):
        encode_variables({"big": np.zeros(3_000_000)})


def test_describe_variables_tells_shape_and_never_a_value() -> None:
    (told,) = describe_variables({"A": np.array([[1234.5, 0], [0, 1]])})
    assert (told.type_name, told.shape, told.summary) == ("numpy.ndarray", (2, 2), "dtype float64")


@pytest.mark.parametrize("value", [{"secret": 42}, ["secret"], "secret", 42, {"secret"}])
def test_describe_variables_never_holds_a_value(value: Any) -> None:
    told = describe_variables({"v": value})[0].model_dump_json()
    assert "secret" not in told
    assert "42" not in told


def test_describe_variables_writes_values_down_when_told_to() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"height_m": range(100)})
    values = {"A": np.arange(2000), "df": frame, "n": 42, "long": "x" * 3000}
    told = {row.name: row for row in describe_variables(values, with_values=True)}
    assert told["n"].value == "42"
    assert told["A"].value.startswith("[   0,    1,    2, ...")
    assert "height_m" in told["df"].value and "99" in told["df"].value
    assert (len(told["long"].value), told["long"].value_chars) == (2000, 3002)
