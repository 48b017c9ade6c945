"""``import manim as mn``: names of manim with a prefix, written bare. Pure.

All rules are for bare names. A scene that runs as it stands keeps its prefixes.

Runs in the caller's process: a kernel, a command or a service.
"""

from __future__ import annotations

import ast

from shaperotator_magic.checking.dialect.rewriting import Change
from shaperotator_magic.checking.repairs.failing import Edit, splice

__all__ = ["spell_bare"]

_STAR = "from manim import *"


def spell_bare(source: str) -> tuple[str, list[Change]]:
    """Return the source without the prefix of manim, unless it has such names of its own."""
    tree = ast.parse(source)
    imports = [n for n in tree.body if isinstance(n, ast.Import) and _find_prefix(n)]
    if len(imports) != 1 or len(imports[0].names) != 1:
        return source, []
    prefix = _find_prefix(imports[0])
    uses = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == prefix
    ]
    mentions = sum(isinstance(n, ast.Name) and n.id == prefix for n in ast.walk(tree))
    if not uses or mentions > len(uses) or {n.attr for n in uses} & _list_own(tree):
        return source, []
    edits: list[Edit] = [(imports[0], _STAR), *((n, n.attr) for n in uses)]
    message = f"names of manim stand without {prefix}."
    return splice(source, edits), [Change("import", message, imports[0].lineno)]


def _find_prefix(node: ast.Import) -> str:
    return next((a.asname or a.name for a in node.names if a.name == "manim"), "")


def _list_own(tree: ast.Module) -> set[str]:
    own: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
    return own
