"""Calls in the words of another manim that the installed one understands, too. Pure.

No rule of a dialect is for them: what runs is not edited.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.names import find_owners

__all__ = ["find_working_calls"]

# Mobjects without parts: an attribute that is set on them is all that is drawn.
_WITHOUT_PARTS = ("TipableVMobject", "Polygram", "ParametricFunction")
_DRAWN_ATTRIBUTES = frozenset({"stroke_width"})


def find_working_calls(source: str, api: Api) -> frozenset[tuple[int, int]]:
    """Return where calls of such methods end: lines, and columns in letters."""
    lines = source.split("\n")
    return frozenset(
        (line, len(lines[line - 1].encode()[:column].decode()))
        for line, column in _list_working(ast.parse(source), api)
    )


def _list_working(tree: ast.Module, api: Api) -> Iterator[tuple[int, int]]:
    """``Mobject.__getattr__`` makes ``set_NAME(value)`` of every attribute."""
    for call, method, owner in find_owners(tree, api):
        if not method.startswith("set_") or len(call.args) != 1 or call.keywords:
            continue
        name = method.removeprefix("set_")
        is_whole = any(api.is_a(owner, base) for base in _WITHOUT_PARTS)
        if name in api.list_settable() or (name in _DRAWN_ATTRIBUTES and is_whole):
            yield call.end_lineno or call.lineno, call.end_col_offset or 0
