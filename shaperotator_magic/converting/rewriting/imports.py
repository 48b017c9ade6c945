"""Rewrites imports: of another manim, of modules that are gone, of names that have moved. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TypeVar

import libcst as cst

from shaperotator_magic.checking.dialect.syntax import spell
from shaperotator_magic.converting.rewriting.context import Context
from shaperotator_magic.converting.rewriting.old_manim import has_module_names
from shaperotator_magic.converting.rules import names, old_manim

_Node = TypeVar("_Node", cst.Import, cst.ImportFrom)
_KNOWN_PACKAGES = sys.stdlib_module_names | {"manim", "numpy", "scipy", "sympy", "__future__"}


def rewrite_import_from(
    context: Context, node: cst.ImportFrom, line: int
) -> cst.ImportFrom | cst.RemovalSentinel:
    """Return what stands for ``from module import …``; where nothing does, it is removed."""
    module = spell(node.module) if node.module else ""
    if any((module, name) in names.MOVED for name in _list_names(node)):
        return _leave_out_moved(context, node, module, line)
    if module in old_manim.MODULES:
        new = old_manim.MODULES[module]
        context.note("import", line, f"from {module} is now from {new}")
        return node.with_changes(module=cst.parse_expression(new))
    if context.is_ce:
        return _find_moved(context, node, module, line)
    package = module.split(".")[0]
    is_followed = package in names.OTHER_MANIMS or module in context.followed
    if is_followed or _list_bound(node) <= context.helpers.keys():
        context.note("import", line, f"from {module} was left out")
        return cst.RemoveFromParent()
    if node.relative or package not in _KNOWN_PACKAGES:
        context.lose("import", line, f"there is no module {module}")
        return cst.RemoveFromParent()
    return cst.RemoveFromParent() if module == "__future__" else node


def rewrite_import(
    context: Context, node: cst.Import, line: int
) -> cst.Import | cst.ImportFrom | cst.RemovalSentinel:
    """Return what stands for ``import module``; where nothing does, it is removed."""
    if context.is_ce:
        return node
    first = node.names[0]
    if len(node.names) == 1 and spell(first.name) in names.WITHIN:
        module = names.WITHIN[spell(first.name)]
        context.note("import", line, f"{spell(first.name)} comes with {module}")
        place = cst.ensure_type(cst.parse_expression(module), cst.Attribute)
        return cst.ImportFrom(module=place, names=[first])
    kept = [alias for alias in node.names if _is_kept(context, spell(alias.name))]
    if len(kept) == len(node.names):
        return node
    for alias in node.names:
        if alias not in kept and spell(alias.name).split(".")[0] not in names.OTHER_MANIMS:
            context.lose("import", line, f"there is no module {spell(alias.name)}")
    return _keep(node, kept)


def _is_kept(context: Context, module: str) -> bool:
    package = module.split(".", maxsplit=1)[0]
    is_gone = package in names.OTHER_MANIMS or module in context.followed
    return not is_gone and package in _KNOWN_PACKAGES


def _find_moved(context: Context, node: cst.ImportFrom, module: str, line: int) -> cst.ImportFrom:
    """Names of a module of manim that lacks them today are imported from manim itself."""
    if not module.startswith("manim.") or has_module_names(module, _list_names(node)):
        return node
    context.note("import", line, f"from {module} is now from manim import *")
    return node.with_changes(module=cst.Name("manim"), names=cst.ImportStar(), lpar=None, rpar=None)


def _leave_out_moved(
    context: Context, node: cst.ImportFrom, module: str, line: int
) -> cst.ImportFrom | cst.RemovalSentinel:
    """``from fractions import gcd``: the name has moved, and is found where it is now."""
    aliases = node.names if not isinstance(node.names, cst.ImportStar) else ()
    context.note("python2", line, f"names that {module} lost come from elsewhere")
    return _keep(node, [a for a in aliases if (module, spell(a.name)) not in names.MOVED])


def _keep(node: _Node, kept: Sequence[cst.ImportAlias]) -> _Node | cst.RemovalSentinel:
    """Return an import of these names alone; without any it is removed."""
    if not kept:
        return cst.RemoveFromParent()
    last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    return node.with_changes(names=[*kept[:-1], last])


def _list_names(node: cst.ImportFrom) -> list[str]:
    is_star = isinstance(node.names, cst.ImportStar)
    return [] if is_star else [spell(alias.name) for alias in node.names]  # type: ignore[union-attr]


def _list_bound(node: cst.ImportFrom) -> set[str]:
    """Return the names that an import binds; that of a star binds one that nothing has."""
    if isinstance(node.names, cst.ImportStar):
        return {"*"}
    return {spell(a.asname.name) if a.asname else spell(a.name) for a in node.names}
