"""What the nodes of arguments show of their values without running anything.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast

from shaperotator_magic.checking.gate.refused import ALLOWED_CONFIG, FILE_KEYWORDS


def is_array(name: str, node: ast.expr) -> bool:
    return name == "ImageMobject" and not isinstance(
        node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Attribute
    )


def is_plain_config(node: ast.Call) -> bool:
    given = node.args[0] if node.args else None
    return isinstance(given, ast.Dict) and all(
        isinstance(key, ast.Constant) and key.value in ALLOWED_CONFIG for key in given.keys
    )


def names_files(value: ast.expr) -> bool:
    if isinstance(value, ast.Dict) and not all(isinstance(k, ast.Constant) for k in value.keys):
        return True
    return any(
        isinstance(part, ast.Constant) and part.value in FILE_KEYWORDS for part in ast.walk(value)
    )


def is_one_of(node: ast.expr, allowed: frozenset[str]) -> bool:
    return isinstance(node, ast.Constant) and node.value in allowed


def exceeds(node: ast.expr, largest: float) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and node.value > largest
    )
