"""Tells the line of each node of a syntax tree of libcst while the tree is visited. Pure.

libcst's own provider of positions writes the whole source first, which takes as long as all rules.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import libcst as cst

_LINE_ENDS = frozenset({cst.TrailingWhitespace, cst.EmptyLine})
_TEXTS = frozenset({cst.SimpleString, cst.FormattedStringText})


class LineCounter(cst.CSTTransformer):
    """A transformer that counts the ends of lines as it goes through a source from its top."""

    def __init__(self) -> None:
        super().__init__()
        self._current = 1
        self._starts: dict[cst.CSTNode, int] = {}

    def find_line(self, node: cst.CSTNode) -> int:
        """Return the line in which a node of the source begins, from 1."""
        # Blank lines and comments before a definition are parts of it.
        first = node.name if isinstance(node, cst.ClassDef | cst.FunctionDef) else node
        return self._starts[first]

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Count what ends lines, which no rule reads; hand on the rest."""
        kind = type(node)  # by itself: isinstance() of libcst's abstract classes is slow
        if kind in _LINE_ENDS:
            self._current += 1
            return False
        if kind is cst.SimpleWhitespace:
            self._current += node.value.count("\n")  # type: ignore[attr-defined]
            return False
        self._starts[node] = self._current
        if kind in _TEXTS:
            self._current += node.value.count("\n")  # type: ignore[attr-defined]
        return super().on_visit(node)

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        """Nothing: no rule asks for the attributes of a node."""

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        """Nothing, as on the way down."""
