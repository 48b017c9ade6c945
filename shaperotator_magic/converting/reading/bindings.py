"""Which names a piece of source binds, and which it uses. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Iterable, Iterator

__all__ = [
    "list_bound",
    "list_loaded",
    "list_nodes",
    "list_own_methods",
    "list_own_names",
    "parse_source",
]

# A conversion asks the same few trees again and again.
_KEPT_TREES = 8


@functools.lru_cache(maxsize=_KEPT_TREES)
def parse_source(source: str) -> ast.Module:
    """Return the syntax tree of a source, which nobody changes; nothing is said of its escapes.

    Raises
    ------
    SyntaxError
        The source is not Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


def list_nodes(node: ast.AST) -> Iterable[ast.AST]:
    """Return a node and all below it; those of a whole module are kept for the next question."""
    return _list_module_nodes(node) if isinstance(node, ast.Module) else ast.walk(node)


@functools.lru_cache(maxsize=_KEPT_TREES)
def _list_module_nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree))


def list_bound(node: ast.stmt) -> list[str]:
    """Return the names that a top-level statement binds, in order."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(alias.asname or alias.name).split(".")[0] for alias in node.names]
    return list(dict.fromkeys(_walk_stored(node)))


def _walk_stored(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            yield child.name
        elif isinstance(child, ast.Import | ast.ImportFrom):
            yield from ((a.asname or a.name).split(".")[0] for a in child.names)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif not isinstance(child, ast.Lambda | ast.ListComp | ast.GeneratorExp | ast.DictComp):
            yield from _walk_stored(child)


def list_loaded(node: ast.AST) -> set[str]:
    """Return every name that is read anywhere in a node."""
    return {
        n.id for n in list_nodes(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }


def list_own_names(tree: ast.AST) -> frozenset[str]:
    """Return what a source binds itself anywhere, parameters included."""
    own: set[str] = set()
    for node in list_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            own.add(node.name)
    return frozenset(own)


def list_own_methods(tree: ast.AST) -> frozenset[str]:
    """Return the methods that classes of a source define."""
    return frozenset(
        child.name
        for node in list_nodes(tree)
        if isinstance(node, ast.ClassDef)
        for child in node.body
        if isinstance(child, ast.FunctionDef)
    )


def list_entries(node: ast.ClassDef) -> set[str]:
    """Return the keys of CONFIG and the attributes that a class body binds."""
    found: set[str] = set()
    for statement in node.body:
        if not isinstance(statement, ast.Assign):
            continue
        target = ast.unparse(statement.targets[0])
        found.add(target)
        if target == "CONFIG" and isinstance(statement.value, ast.Dict):
            keys = statement.value.keys
            found |= {str(k.value) for k in keys if isinstance(k, ast.Constant)}
    return found
