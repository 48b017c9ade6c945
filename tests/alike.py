"""Whether two graphs of objects are alike, and two ways of making them, manim's own and ours."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest


def assert_alike(a: Any, b: Any, met: dict[int, int]) -> None:
    """Compare two graphs of objects: types, values, and which of their parts are one."""
    assert type(a) is type(b)
    if id(a) in met:
        assert met[id(a)] == id(b)
        return
    if a is b:
        return
    met[id(a)] = id(b)
    if isinstance(a, np.ndarray):
        _assert_arrays_alike(a, b, met)
    elif isinstance(a, (list, tuple)):
        assert len(a) == len(b)
        for left, right in zip(a, b, strict=True):
            assert_alike(left, right, met)
    elif isinstance(a, dict):
        assert [_name(key) for key in a] == [_name(key) for key in b]
        for left, right in zip(a.values(), b.values(), strict=True):
            assert_alike(left, right, met)
    elif hasattr(a, "__dict__") and not callable(a):
        assert_alike(a.__dict__, b.__dict__, met)
    elif not callable(a):
        assert a == b


def _assert_arrays_alike(a: Any, b: Any, met: dict[int, int]) -> None:
    assert (a.shape, a.dtype, a.strides) == (b.shape, b.dtype, b.strides)
    if a.dtype.hasobject:
        assert_alike(a.tolist(), b.tolist(), met)
    else:
        assert a.tobytes() == b.tobytes()


def _name(key: Any) -> Any:
    return key if isinstance(key, (str, int)) else type(key)


@pytest.fixture
def make_twice() -> Iterator[Callable[..., tuple[Any, Any]]]:
    """Calls a function with manim's own methods, then with those that a module puts there.

    Returns what it returned, or the error that it raised; manim's own are put back afterwards.
    """
    kept: list[tuple[Any, str, Any]] = []

    def make_twice(build: Callable[[], Any], module: Any, *owners: Any) -> tuple[Any, Any]:
        for owner in owners:
            for name, value in list(vars(owner).items()):
                kept.append((owner, name, value))
                if inspect.isfunction(value):
                    setattr(owner, name, inspect.unwrap(value))
        expected = _try(build)
        before = [dict(vars(owner)) for owner in owners]
        module.install()
        assert before != [dict(vars(owner)) for owner in owners]
        return expected, _try(build)

    yield make_twice
    for owner, name, value in reversed(kept):
        if inspect.isfunction(value):
            setattr(owner, name, value)


def compare_twice(
    make_twice: Callable[..., tuple[Any, Any]], module: Any, *owners: Any
) -> Callable[[Callable[[], Any]], Any]:
    """Return what makes something twice, compares the two, and returns the second."""

    def compare(build: Callable[[], Any]) -> Any:
        expected, made = make_twice(build, module, *owners)
        assert_alike(expected, made, {})
        return made

    return compare


def attempt(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Return what a call returns, or the error that it raises: both ways are to fail alike."""
    try:
        with np.errstate(all="ignore"):
            return call(*args, **options)
    except Exception as exc:  # noqa: BLE001 - see above
        return type(exc), str(exc)


def _try(build: Callable[[], Any]) -> Any:
    np.random.seed(1)
    return attempt(build)
