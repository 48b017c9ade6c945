"""Traversal of families: mobjects are collected and updated without a generator or a call a member.

manim traverses a family several times for each object and frame. Here one loop walks a branch of
the tree. A family with shared members, or a class with a ``get_family`` of its own, is left to
manim.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from shaperotator_magic.rendering.stand_ins.installed import replace
from shaperotator_magic.rendering.stand_ins.stock_types import StockTypes

Method = Callable[..., Any]


def install() -> None:
    """Install this traversal in manim's classes."""
    replace("family", _build_get_family)
    replace("family with points", _build_members_with_points)
    replace("update", _build_update)


def _build_get_family(stock: Method) -> Method:
    from manim.mobject.mobject import Mobject

    plain = StockTypes(Mobject, "_iter_family", "__hash__", "__eq__")

    def get_family(mobject: Any, recurse: bool = True) -> list[Any]:
        found = [mobject]
        try:
            if mobject.submobjects:
                _gather(mobject.submobjects, found)
        except (AttributeError, RecursionError):
            return stock(mobject, recurse)  # type: ignore[no-any-return]
        is_tree = len(found) == 1 or len(set(map(id, found))) == len(found)
        if is_tree and plain.have_all(found):
            return found
        return stock(mobject, recurse)  # type: ignore[no-any-return]

    return get_family


def _gather(members: list[Any], found: list[Any]) -> None:
    for member in members:
        found.append(member)
        if member.submobjects:
            _gather(member.submobjects, found)


def _build_members_with_points(stock: Method) -> Method:
    from manim.mobject.mobject import Mobject

    plain = StockTypes(Mobject, "get_num_points")

    def family_members_with_points(mobject: Any) -> list[Any]:
        family = mobject.get_family()
        if plain.have_all(family):
            return [member for member in family if len(member.points) > 0]
        return stock(mobject)  # type: ignore[no-any-return]

    return family_members_with_points


def _build_update(stock: Method) -> Method:
    from manim.mobject.mobject import Mobject

    # Read only after this has become Mobject.update.
    plain = StockTypes(Mobject, "update")

    def update(mobject: Any, dt: float = 0, recursive: bool = True) -> Any:
        if mobject.updating_suspended:
            return mobject
        for updater in mobject.updaters:
            if takes_time(updater):
                updater(mobject, dt)
            else:
                updater(mobject)
        if recursive:
            for member in mobject.submobjects:
                if not plain[type(member)]:
                    member.update(dt, recursive=recursive)
                elif member.submobjects or member.updaters:
                    update(member, dt, recursive)
        return mobject

    del stock
    return update


def takes_time(updater: Callable[..., Any]) -> bool:
    """Return whether a function has a parameter ``dt``, as ``inspect.signature`` does."""
    if type(updater) is not FunctionType or updater.__dict__:
        return "dt" in inspect.signature(updater).parameters
    code = updater.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    return "dt" in code.co_varnames[:count]
