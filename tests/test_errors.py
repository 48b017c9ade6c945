"""The error tree: what a person reads, what a body carries, and what survives another process."""

from __future__ import annotations

import inspect
import pickle
from typing import Any

import pytest

from shaperotator_magic.core import errors
from shaperotator_magic.core.errors import GenerationCancelled, ShapeRotatorError

TREE = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, ShapeRotatorError)
]
# A value for every field that an error of the tree may carry.
VALUES = {
    "timeout_s": 3.0, "retry_after_s": 2.5, "returncode": -9, "log_tail": "…<b>", "line": 4,
    "source": "x = 1", "findings": [{"rule": "r"}], "nearest": ["a", "b"], "understood": "c",
    "subjects": ["d"], "servers": [{"name": "e"}], "setting": "fps",
    "model": "m", "path": "/x", "name": "A", "generation_id": "0badcafe",
}  # fmt: skip


def build(kind: type[ShapeRotatorError]) -> ShapeRotatorError:
    accepted: set[str] = set()
    for base in kind.__mro__:
        if issubclass(base, ShapeRotatorError) and "__init__" in vars(base):
            accepted |= set(inspect.signature(base).parameters)
    fields: dict[str, Any] = {name: VALUES[name] for name in accepted & set(VALUES)}
    return kind("what is wrong", hint="how to mend it", **fields)


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_error_survives_pickling_with_its_fields(kind: type[ShapeRotatorError]) -> None:
    error = build(kind)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and again.as_dict() == error.as_dict()
    assert [getattr(again, name) for name in error.details] == list(error.details.values())


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_error_is_two_lines_in_a_notebook(kind: type[ShapeRotatorError]) -> None:
    error = build(kind)
    where = "line 4: " if "line" in error.details else ""
    assert error._render_traceback_() == [
        f"{kind.__name__}: {where}what is wrong",
        "how to mend it",
    ]


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_error_has_a_status_and_a_docstring(kind: type[ShapeRotatorError]) -> None:
    assert 400 <= kind.http_status < 600
    assert kind.__doc__


def test_cancelled_is_an_interrupt_of_one_line() -> None:
    assert issubclass(GenerationCancelled, KeyboardInterrupt)
    assert len(GenerationCancelled()._render_traceback_()) == 1
