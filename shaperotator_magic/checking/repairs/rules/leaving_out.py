"""Repairs of last resort: sources without the statement that failed, and what to report. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from shaperotator_magic.checking.repairs.failing import Failing, Repair, splice

_LONGEST_QUOTE = 60


def drop_unused(failing: Failing) -> Iterator[Repair]:
    """A value that fails and that nothing uses is not computed."""
    statement = failing.statement
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = [t.id for t in targets if isinstance(t, ast.Name)]
    if not names or len(names) < len(targets):
        return
    used = {
        n.id
        for n in ast.walk(failing.tree)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
    }
    if used.isdisjoint(names):
        source = splice(failing.source, [(statement, "pass")]) if statement else failing.source
        yield Repair(source, f"{names[0]} cannot be computed, and nothing uses it")


def omit_statement(failing: Failing) -> Iterator[Repair]:
    """Leave out the failing statement; a name that it binds is an empty VGroup for the rest."""
    statement = failing.statement
    if statement is None or isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return
    quoted = " ".join(failing.read(statement).split())
    quoted = quoted if len(quoted) <= _LONGEST_QUOTE else quoted[: _LONGEST_QUOTE - 1] + "…"
    message = f"line {statement.lineno} fails and was left out: {quoted}"
    for text in _list_placeholders(failing, statement):
        yield Repair(splice(failing.source, [(statement, text)]), message, "omitted")


def _list_placeholders(failing: Failing, statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Return):
        return ["return VGroup()", "return ORIGIN", "return None"]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = [t for t in targets if isinstance(t, ast.Name | ast.Attribute)]
    bound = [failing.read(name) for name in names]
    if not bound:
        return ["pass"]
    return [" = ".join([*bound, "VGroup()"]), "pass"]
