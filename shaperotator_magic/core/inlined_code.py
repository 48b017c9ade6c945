"""Definitions that are copied from a file of ours into a scene: which ones. It reads files of ours.

A scene needs nothing of this package: it gets the functions and classes that it uses, those that
these use, and the names of manim that they need.

Runs in every process.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

Definition = ast.FunctionDef | ast.ClassDef


def find_definitions(tree: ast.Module) -> dict[str, Definition]:
    """Return the functions and classes of a file by their names."""
    return {n.name: n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def select_definitions(
    definitions: dict[str, Definition], names: Iterable[str]
) -> dict[str, Definition]:
    """Return the definitions of these names and of all that they use, in the file's order."""
    chosen = set(names)
    waiting = list(chosen)
    while waiting:
        more = (list_names(definitions[waiting.pop()]) & set(definitions)) - chosen
        chosen |= more
        waiting.extend(more)
    return {name: node for name, node in definitions.items() if name in chosen}


def list_names(node: ast.AST) -> set[str]:
    """Return every name that a piece of code mentions."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def read_definitions(folder: Path) -> dict[str, tuple[Definition, str]]:
    """Return every definition of the files in a folder, with its source."""
    found: dict[str, tuple[Definition, str]] = {}
    for path in sorted(folder.glob("*.py")):
        source = path.read_text("utf-8")
        for name, node in find_definitions(ast.parse(source)).items():
            lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
            found[name] = (node, "\n".join(lines))
    return found


def inline_definitions(
    source: str, library: Mapping[str, tuple[Definition, str]], known: frozenset[str]
) -> str:
    """Return the source with those definitions of a library that it mentions and lacks.

    Parameters
    ----------
    known
        Public names of manim: what a definition needs of them is imported, too, where the source
        does not import them all.
    """
    tree = ast.parse(source)
    bound = _list_bound(tree)
    wanted = (list_names(tree) & set(library)) - bound
    if not wanted:
        return source
    nodes = {name: node for name, (node, _) in library.items()}
    chosen = {n: v for n, v in select_definitions(nodes, wanted).items() if n not in bound}
    needed = {name for node in chosen.values() for name in list_names(node)} - bound - set(chosen)
    imports = _list_imports(tree, needed, known)
    at = max((n.end_lineno or 0 for n in tree.body if _is_import(n)), default=0)
    lines = source.split("\n")
    block = "\n\n\n".join(library[name][1] for name in chosen)
    return "\n".join([*lines[:at], *imports, "", "", *block.split("\n"), *lines[at:]])


def _list_bound(tree: ast.Module) -> set[str]:
    names = (n for n in ast.walk(tree) if isinstance(n, ast.Name))
    bound = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name for alias in node.names}
    return bound


def _list_imports(tree: ast.Module, needed: set[str], known: frozenset[str]) -> list[str]:
    """Return the imports that definitions need and the source does not have."""
    is_star = any(
        isinstance(n, ast.ImportFrom) and n.module == "manim" and n.names[0].name == "*"
        for n in tree.body
    )
    if is_star:
        return []
    rows = ["import numpy as np"] if "np" in needed else []
    names = sorted((needed - {"np"}) & known)
    return [*rows, f"from manim import {', '.join(names)}"] if names else rows


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)
