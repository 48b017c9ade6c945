"""Parsing in several threads at once.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_MOST_TRIES = 20
_DISTURBED = "recursion depth mismatch"

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def parse_again(work: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """Decorate a pure function that parses: it is called again where another thread disturbed it.

    CPython 3.11 and 3.12 count the depth of syntax trees for all threads together, and raise
    SystemError where two are built at once: https://github.com/python/cpython/issues/106905
    """

    @functools.wraps(work)
    def insist(*args: _Given.args, **options: _Given.kwargs) -> _Result:
        for _ in range(_MOST_TRIES):
            try:
                return work(*args, **options)
            except SystemError as exc:
                if _DISTURBED not in str(exc):
                    raise
        return work(*args, **options)

    return insist
