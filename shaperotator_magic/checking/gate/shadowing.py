"""Names that a scene binds itself and uses while it is defined as if they were Python's or manim's.

``def range(n)`` above ``X = list(range(3))`` makes a function of the scene's run while the scene is
defined. A model does this by accident; the finding names what to rename.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shaperotator_magic.checking.gate.findings import Reported, build_finding
from shaperotator_magic.checking.gate.refused import (
    DEFINING_CALLS,
    DEFINING_DECORATORS,
    ENUM_BASES,
)

_KNOWN = frozenset(
    name.partition(".")[0] for name in (*DEFINING_CALLS, *DEFINING_DECORATORS, *ENUM_BASES)
)
_USUAL_ALIASES = {"np": "numpy"}


def check_shadowing(tree: ast.Module) -> Reported:
    """Yield a finding for every name that is bound here and called as somebody else's."""
    used_anywhere = set(_find_used(tree.body, is_deep=True))
    yield from _check_body(tree.body, used_anywhere)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _check_body(node.body, set(_find_used(node.body, is_deep=False)))


def _check_body(body: list[ast.stmt], used: set[str]) -> Reported:
    for node in body:
        for name in _list_bound(node):
            if name in _KNOWN and name in used:
                yield build_finding(
                    "shadowing",
                    node,
                    f"{name} is bound here, and used as Python's or manim's {name} while the "
                    "scene is defined.",
                    f"Give your {name} another name.",
                )


def _list_bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            if alias.asname and _USUAL_ALIASES.get(alias.asname, alias.asname) != alias.name:
                yield alias.asname
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                    yield part.id


def _find_used(body: list[ast.stmt], *, is_deep: bool) -> Iterator[str]:
    """Yield the first names of what is called, decorates or is inherited from in a body."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield from map(_find_root, node.decorator_list)
        if isinstance(node, ast.FunctionDef):
            defaults = (*node.args.defaults, *filter(None, node.args.kw_defaults))
            for default in defaults:
                yield from _find_called(default)
        elif isinstance(node, ast.ClassDef):
            yield from map(_find_root, node.bases)
            if is_deep:
                yield from _find_used(node.body, is_deep=True)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield from _find_called(node.value)


def _find_called(value: ast.expr) -> Iterator[str]:
    for part in ast.walk(value):
        if isinstance(part, ast.Call):
            yield _find_root(part.func)


def _find_root(node: ast.expr) -> str:
    """Return ``dataclasses`` of ``dataclasses.dataclass(frozen=True)``."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
