"""A scene, the failure of its rehearsal, and the nodes of the syntax tree that failed. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from shaperotator_magic.checking.api import Api
from shaperotator_magic.core.records import RehearsalFailure

Edit = tuple[ast.AST, str]


@dataclass(frozen=True)
class Repair:
    """An edited source, and what was changed as a sentence without its full stop."""

    source: str
    message: str
    rule: str = "repaired"


@dataclass(frozen=True)
class Failing:
    """What the rules read."""

    source: str
    failure: RehearsalFailure
    api: Api

    @cached_property
    def tree(self) -> ast.Module:
        """The whole source."""
        return ast.parse(self.source)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of every node."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def node(self) -> ast.expr | None:
        """The expression that raised: Python reports where it begins and ends."""
        span = self.failure.span
        if span is None:
            return None
        line, column, end_line, end_column = span
        ends = [
            n
            for n in ast.walk(self.tree)
            if isinstance(n, ast.expr)
            and (n.end_lineno, n.end_col_offset) == (end_line, end_column)
        ]
        exact = [n for n in ends if (n.lineno, n.col_offset) == (line, column)]
        # Of a chain over several lines, Python reports the call from its method's name on.
        return next(iter([*exact, *(n for n in ends if isinstance(n, ast.Call)), *ends]), None)

    @property
    def call(self) -> ast.Call | None:
        """The call that raised."""
        return self.node if isinstance(self.node, ast.Call) else None

    @cached_property
    def statement(self) -> ast.stmt | None:
        """The innermost statement that failed."""
        line = self.failure.line
        around: list[ast.stmt] = [
            n
            for n in ast.walk(self.tree)
            if isinstance(n, ast.stmt) and line and n.lineno <= line <= (n.end_lineno or n.lineno)
        ]
        return max(around, key=lambda n: (n.lineno, n.col_offset), default=None)

    @property
    def area(self) -> ast.AST:
        """The smallest part of the source that is known to have failed."""
        return self.node or self.statement or self.tree

    def find_base(self, name: str) -> str:
        """Return the class of manim that a class of the scene's own derives from."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
                return next((self.find_base(base) for base in bases), name)
        return name

    def read(self, node: ast.AST) -> str:
        """Return the source of a node."""
        return ast.get_source_segment(self.source, node) or ast.unparse(node)

    def kind_of(self, node: ast.AST) -> str:
        """Return what an operand or argument of the failing expression was: 'flat', 'none' …"""
        return self.failure.values.get(ast.unparse(node), "")

    def repair(self, edits: Iterable[Edit], message: str, *, needs: str = "") -> Repair:
        """Return the source with nodes replaced; ``needs`` is a definition that it then uses."""
        source = splice(self.source, edits)
        return Repair(add_definition(source, needs) if needs else source, message)


class EmptyHead(ast.AST):
    """The line of a ``def`` without parameters, up to its colon: no node of Python's has it."""

    def __init__(self, function: ast.FunctionDef) -> None:
        super().__init__()
        self.lineno = self.end_lineno = function.lineno
        self.col_offset = function.col_offset
        self.end_col_offset = function.col_offset + len(f"def {function.name}():")


def splice(source: str, edits: Iterable[Edit]) -> str:
    """Replace nodes by texts; a node within another one that is replaced is left alone."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    content = source.encode()
    placed = sorted(((_locate(node, starts), text) for node, text in edits), reverse=True)
    before = len(content)
    for (start, end), text in placed:
        if end <= before:
            content = content[:start] + text.encode() + content[end:]
            before = start
    return content.decode()


def _locate(node: ast.AST, starts: list[int]) -> tuple[int, int]:
    start = starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
    end = starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
    return start, end


def add_definition(source: str, definition: str) -> str:
    """Put a function after the imports, unless it is there."""
    if definition.strip() in source:
        return source
    imports = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)]
    at = imports[-1].end_lineno or 0 if imports else 0
    lines = source.split("\n")
    return "\n".join([*lines[:at], "", "", *definition.strip("\n").split("\n"), *lines[at:]])


def call_without(failing: Failing, call: ast.Call, left_out: Iterable[ast.AST]) -> str:
    """Return the source of a call without some of its arguments."""
    gone = set(map(id, left_out))
    args = [failing.read(a) for a in call.args if id(a) not in gone]
    args += [_read_keyword(failing, k) for k in call.keywords if id(k) not in gone]
    return f"{failing.read(call.func)}({', '.join(args)})"


def _read_keyword(failing: Failing, keyword: ast.keyword) -> str:
    value = failing.read(keyword.value)
    return f"{keyword.arg}={value}" if keyword.arg else f"**{value}"


def find_called(call: ast.Call) -> str:
    """Return the last name of what is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
