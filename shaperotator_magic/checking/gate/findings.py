"""Findings of the static checks: errors at a node of the syntax tree.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shaperotator_magic.core.records import Finding

Reported = Iterator[Finding]


def build_finding(rule: str, node: ast.AST, message: str, hint: str = "") -> Finding:
    """Return an error at a node."""
    return Finding(
        rule=rule,
        severity="error",
        message=message,
        hint=hint,
        line=getattr(node, "lineno", None),
        column=getattr(node, "col_offset", None),
    )
