"""Copies into a scene what it imports from the scenes' shared file. Pure.

A user gets one piece of code that needs nothing of this package. Only the definitions that the
scene uses, and those that these use, are copied; their imports join the scene's own.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from shaperotator_magic.core.inlined_code import (
    Definition,
    find_definitions,
    list_names,
    select_definitions,
)

SHARED_MODULE = "shaperotator_magic.writing.scenes._stage"


def inline_shared(source: str, shared: str) -> str:
    """Return ``source`` with its import from ``SHARED_MODULE`` replaced by the definitions.

    Parameters
    ----------
    source
        A scene's code.
    shared
        The code of the shared file: imports, functions and classes.
    """
    tree = ast.parse(source)
    wanted = _find_import(tree, SHARED_MODULE)
    if wanted is None:
        return source
    shared_tree = ast.parse(shared)
    pieces = _select(shared_tree, {alias.name for alias in wanted.names})
    used = {name for piece in pieces for name in list_names(piece)}
    lines: list[str] = source.splitlines()
    rows = shared.splitlines()
    body = "\n\n\n".join("\n".join(rows[p.lineno - 1 : p.end_lineno]) for p in pieces)
    first = _find_first_definition(tree)
    lines[first - 1 : first - 1] = [*body.splitlines(), "", ""]
    lines[wanted.lineno - 1 : wanted.end_lineno] = []
    _merge_manim_imports(lines, tree, shared_tree, used)
    if "np" in used and "import numpy as np" not in lines:
        lines.insert(0, "import numpy as np")
    return "\n".join(lines) + "\n"


def _find_import(tree: ast.Module, module: str) -> ast.ImportFrom | None:
    found = (n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == module)
    return next(found, None)


def _select(tree: ast.Module, names: set[str]) -> list[Definition]:
    definitions = find_definitions(tree)
    missing = names - set(definitions)
    if missing:
        raise KeyError(f"{SHARED_MODULE} does not define {', '.join(sorted(missing))}")
    return list(select_definitions(definitions, names).values())


def _find_first_definition(tree: ast.Module) -> int:
    """Return the line of the first definition that is no parameter; those are in capitals."""
    return min(
        node.lineno
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.isupper()
    )


def _merge_manim_imports(
    lines: list[str], tree: ast.Module, shared_tree: ast.Module, used: Iterable[str]
) -> None:
    shared = _find_import(shared_tree, "manim")
    own = _find_import(tree, "manim")
    offered = {alias.name for alias in shared.names} if shared else set()
    if own is None:
        return
    names = sorted((offered & set(used)) | {alias.name for alias in own.names})
    statement = ["from manim import (", *(f"    {name}," for name in names), ")"]
    lines[own.lineno - 1 : own.end_lineno] = statement
