"""Which calls read a file of the user's: by its whole name, by functions that only read.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

_MOBJECTS = frozenset({"ImageMobject", "SVGMobject"})
_KEYWORDS = frozenset({"file_name", "filename_or_array", "fname"})
# NumPy's readers of text; what unpickles is not among them.
_NUMPY = frozenset({"np", "numpy"})
_READERS = frozenset({"loadtxt", "genfromtxt"})


def find_reading(nodes: Iterable[ast.AST], files: frozenset[str]) -> set[int]:
    """Return the ids of functions and keywords of calls that read one of the files."""
    if not files:
        return set()
    found: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.Call) and _is_reader(node.func):
            if node.args and _is_one_of(node.args[0], files):
                found.add(id(node.func))
            for keyword in node.keywords:
                is_file = keyword.arg in _KEYWORDS and _is_one_of(keyword.value, files)
                if is_file and not node.args:
                    found |= {id(keyword), id(node.func)}
    return found


def _is_reader(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _MOBJECTS
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return False
    return function.attr in _READERS and function.value.id in _NUMPY


def _is_one_of(node: ast.expr, files: frozenset[str]) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in files
