"""The constants of a scene: where its source gives names literal values, and other values there.

Pure: the source is parsed, never run.

Runs wherever results are shown: in a kernel, a service or ``share``.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.checking.gate.parsing import parse_again


@dataclass(frozen=True)
class Constant:
    """A name that the top level of a source gives a literal once, and the comment beside it."""

    name: str
    value: Any
    node: ast.expr
    comment: str = ""


@parse_again
def find_constants(source: str) -> dict[str, Constant]:
    """Return the constants of a source by their names, in their order.

    A name that is bound twice, or that begins with an underscore, is none.
    """
    tree = ast.parse(source)
    bound = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _is_stored(n)]
    comments = _read_comments(source)
    found = {}
    for statement in tree.body:
        name, value = _read_assignment(statement)
        if value is None or bound.count(name) > 1 or name.startswith("_"):
            continue
        try:
            literal = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        last = statement.end_lineno or statement.lineno
        above = comments.get(statement.lineno - 1, ("", True))
        comment = comments[last][0] if last in comments else above[0] * above[1]
        found[name] = Constant(name, literal, value, comment)
    return found


@parse_again
def find_functions(source: str) -> dict[str, ast.FunctionDef]:
    """Return the functions at the top level of a source by their names."""
    return {n.name: n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)}


@parse_again
def find_used_names(source: str) -> set[str]:
    """Return every name that the source reads."""
    nodes = ast.walk(ast.parse(source))
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def replace_nodes(source: str, texts: Mapping[ast.expr | ast.stmt, str]) -> str:
    """Return a source with other text in the places of some of its nodes."""
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for node in sorted(texts, key=lambda node: -node.lineno):
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        head = lines[first][: node.col_offset]
        tail = lines[last][node.end_col_offset :]
        lines[first : last + 1] = [head + texts[node].encode() + tail]
    return b"".join(lines).decode()


def _is_stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store | ast.Del)


def _read_assignment(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        return "", None
    return (target.id, value) if isinstance(target, ast.Name) else ("", None)


def _read_comments(source: str) -> dict[int, tuple[str, bool]]:
    """Return the comment of each line, and whether there is nothing else in the line."""
    comments = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            is_alone = not token.line[: token.start[1]].strip()
            comments[token.start[0]] = (token.string.lstrip("#").strip(), is_alone)
    return comments
