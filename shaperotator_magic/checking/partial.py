"""The part of a scene before the statement that fails. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast


def cut_before(source: str, scene_name: str, line: int) -> str | None:
    """Return the source whose construct() ends before the statement at ``line``, and waits there.

    None where that line is not in construct(), or is of its first statement.
    """
    construct = _find_construct(ast.parse(source), scene_name)
    if construct is None:
        return None
    failing = [s for s in construct.body if s.lineno <= line <= (s.end_lineno or s.lineno)]
    if not failing or failing[0] is construct.body[0]:
        return None
    start, end = failing[0].lineno - 1, construct.end_lineno or len(source)
    lines = source.splitlines()
    indent = " " * failing[0].col_offset
    kept = [*lines[:start], f"{indent}self.wait()", *lines[end:]]
    return "\n".join(kept) + "\n"


def _find_construct(tree: ast.Module, scene_name: str) -> ast.FunctionDef | None:
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == scene_name:
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name == "construct":
                    return part
    return None
