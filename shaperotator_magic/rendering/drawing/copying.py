"""Copies of mobjects, with which every animation begins, without the machinery of ``copy``.

manim copies a mobject attribute by attribute through ``copy.deepcopy``, which looks up for every
value how to copy it. Most values are numbers, names, functions, colours and plain arrays. Here the
type alone decides how those are copied; any other type goes through ``copy.deepcopy``. The copies,
and what they share, are the same. With the C extension ``_objects``, one call copies a family.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import copy
import enum
import functools
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, NoneType
from typing import Any

import numpy as np
import svgelements

from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from shaperotator_magic.rendering.stand_ins.installed import replace

Memo = dict[int, Any]
Copy = Callable[[Any, Memo], Any]

_FLOAT = np.dtype(np.float64)
# Types whose values copy.deepcopy returns unchanged; their subclasses may differ.
_SHARED = frozenset(
    {NoneType, bool, int, float, complex, str, bytes, type, range, FunctionType}
    | {BuiltinFunctionType, property, type(Ellipsis), type(NotImplemented)}
)


def install() -> None:
    """Install these copies in manim's classes."""
    extension = load_extension("_objects")
    copy_all = copy_mobject if extension is None else _build_compiled(extension)
    replace("copy", lambda _: copy_all)


def _build_compiled(extension: Any) -> Copy:
    facts: Any = {}, _classify, {}, _find_plain_names, copy_value, _FLOAT

    def copy_compiled(mobject: Any, memo: Memo) -> Any:
        return extension.copy_object(mobject, memo, facts)

    return copy_compiled


def copy_mobject(mobject: Any, memo: Memo) -> Any:
    """Stand in for ``Mobject.__deepcopy__``."""
    kind: Any = type(mobject)
    result = kind.__new__(kind)
    memo[id(mobject)] = result
    is_set_plainly = _find_plain_names(kind)
    attributes = result.__dict__
    kept = memo.setdefault(id(memo), [])
    for name, value in mobject.__dict__.items():
        part: Any = type(value)
        if part in _SHARED:
            made = value
        elif part is np.ndarray and value.dtype is _FLOAT:  # points and colors
            made = memo.get(id(value))
            if made is None:
                made = memo[id(value)] = value.__deepcopy__(memo)
                kept.append(value)
        else:
            made = copy_value(value, memo)
        if is_set_plainly[name]:
            attributes[name] = made
        else:
            setattr(result, name, made)
    result.original_id = str(id(mobject))
    return result


def copy_value(value: Any, memo: Memo) -> Any:
    """Return what ``copy.deepcopy(value, memo)`` returns."""
    kind: Any = type(value)
    if kind in _SHARED:
        return value
    known = memo.get(id(value))
    if known is not None:
        return known
    made = _find_copy(kind)(value, memo)
    if made is not value:
        memo[id(value)] = made
        # As copy does: what is copied lives as long as the memo, or its id could be another's.
        memo.setdefault(id(memo), []).append(value)
    return made


# What the extension knows how to copy.
_OTHER, _SHARE, _ARRAY, _LIST, _COLOR, _MOBJECT = range(6)


def _classify(kind: type) -> int:
    """Return how the values of a type are copied."""
    from manim.mobject.mobject import Mobject
    from manim.utils.color import ManimColor

    # A glyph has the SVG path that it was made of, which nothing changes after that: copying
    # its segments took more time than all the rest of a text.
    if kind in _SHARED or issubclass(kind, enum.Enum) or kind is svgelements.Path:
        return _SHARE
    known: dict[type, int] = {np.ndarray: _ARRAY, list: _LIST, ManimColor: _COLOR}
    is_stock = issubclass(kind, Mobject) and kind.__deepcopy__ is Mobject.__deepcopy__
    return _MOBJECT if is_stock else known.get(kind, _OTHER)


@functools.cache
def _find_copy(kind: type) -> Copy:
    ways = copy.deepcopy, _share, _copy_array, _copy_list, _copy_color, copy_mobject
    return ways[_classify(kind)]


def _share(value: Any, memo: Memo) -> Any:
    del memo
    return value


def _copy_array(value: Any, memo: Memo) -> Any:
    if value.dtype.hasobject:
        return copy.deepcopy(value, memo)
    return value.__deepcopy__(memo)


def _copy_list(value: list[Any], memo: Memo) -> list[Any]:
    made: list[Any] = []
    memo[id(value)] = made  # a list may be in itself
    for item in value:
        made.append(copy_value(item, memo))
    return made


def _copy_color(value: Any, memo: Memo) -> Any:
    made = object.__new__(type(value))
    attributes = made.__dict__
    for name, part in value.__dict__.items():
        attributes[name] = copy_value(part, memo)
    return made


class _PlainNames(dict[str, bool]):
    """Caches by type whether attributes are set in the object's dictionary only."""

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self._kind = kind

    def __missing__(self, name: str) -> bool:
        is_plain = self._kind.__setattr__ is object.__setattr__
        is_descriptor = hasattr(getattr(self._kind, name, None), "__set__")
        self[name] = answer = is_plain and not is_descriptor
        return answer


@functools.cache
def _find_plain_names(kind: type) -> _PlainNames:
    return _PlainNames(kind)
