"""Small edits of a scene's source at the places that a rehearsal names. Pure: it only proposes.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shaperotator_magic.checking.layout.layout import Flaw
from shaperotator_magic.core.records import Drawn, Rehearsal

__all__ = ["Fix", "SceneEdits", "is_callable_name"]

_NAME = re.compile(r"[A-Za-z_][\w.]*(\[[^\]]+\])*")


@dataclass(frozen=True)
class Fix:
    """A changed source, and what was changed, as a sentence."""

    message: str
    source: str


def is_callable_name(name: str) -> bool:
    """Whether a name such as ``labels[2]`` can be written in front of a dot."""
    return _NAME.fullmatch(name) is not None


class SceneEdits:
    """The source, what was seen of it, and how to put statements into it or change its calls."""

    def __init__(self, source: str, rehearsal: Rehearsal) -> None:
        self.source = source
        self.rehearsal = rehearsal
        self._tree = ast.parse(source)
        self._statements = [
            node
            for node in ast.walk(self._tree)
            if isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]

    # --- statements -------------------------------------------------------------------

    def insert(self, thing: Drawn, text: str, message: str) -> Iterator[Fix]:
        """Insert a statement before the animation that first shows a mobject, named ``{}``."""
        line = self.find_first_line(thing)
        if is_callable_name(thing.name) and line is not None:
            yield from self.insert_at(line, text.replace("{}", thing.name), message)

    def insert_at(self, line: int, text: str, message: str) -> Iterator[Fix]:
        """Put a statement before the one at a line."""
        place = self.find_statement(line)
        if place is not None and self._begins_its_line(place):
            yield self._put(place.lineno - 1, place.col_offset, text, message)

    def insert_after_making(self, thing: Drawn, text: str, message: str) -> Iterator[Fix]:
        """Insert a statement behind the one that names a mobject; ``{}`` is that name.

        Of ``labels[2]`` it is ``labels``. In a loop this reaches whatever the loop makes.
        """
        base = thing.name.split("[")[0]
        place = self.find_statement(thing.line) if thing.line is not None else None
        if not base.isidentifier() or not isinstance(place, ast.Assign | ast.AnnAssign):
            return
        targets = place.targets if isinstance(place, ast.Assign) else [place.target]
        if any(isinstance(t, ast.Name) and t.id == base for t in targets):
            end = place.end_lineno or place.lineno
            yield self._put(end, place.col_offset, text.replace("{}", base), message)

    def insert_first(self, text: str, message: str) -> Iterator[Fix]:
        """Put a statement before all others of construct(), below its docstring."""
        functions = [n for n in ast.walk(self._tree) if isinstance(n, ast.FunctionDef)]
        for construct in (f for f in functions if f.name == "construct"):
            has_docstring = ast.get_docstring(construct) is not None and len(construct.body) > 1
            first = construct.body[1 if has_docstring else 0]
            yield self._put(first.lineno - 1, first.col_offset, text, message)

    def _put(self, line: int, column: int, text: str, message: str) -> Fix:
        lines = self.source.split("\n")
        lines.insert(line, " " * column + text)
        return Fix(message, "\n".join(lines))

    def _begins_its_line(self, statement: ast.stmt) -> bool:
        line = self.source.split("\n")[statement.lineno - 1].encode()
        return not line[: statement.col_offset].strip()

    # --- calls ------------------------------------------------------------------------

    def change_calls(
        self, line: int | None, change: Callable[[ast.Call], str | None], message: str
    ) -> Iterator[Fix]:
        """Replace the calls in the statement at a line of which ``change`` returns new text."""
        place = self.find_statement(line) if line is not None else None
        if place is not None:
            yield from self._change_within(place, change, message)

    def change_all_calls(
        self, change: Callable[[ast.Call], str | None], message: str
    ) -> Iterator[Fix]:
        """Replace all calls of which ``change`` returns new text."""
        yield from self._change_within(self._tree, change, message)

    def _change_within(
        self, place: ast.AST, change: Callable[[ast.Call], str | None], message: str
    ) -> Iterator[Fix]:
        calls = [node for node in ast.walk(place) if isinstance(node, ast.Call)]
        spans = [(call, new) for call in calls if (new := change(call)) is not None]
        if spans:
            yield Fix(message, self._replace(spans))

    def read(self, node: ast.expr) -> str:
        """Return an expression as it is written."""
        return ast.get_source_segment(self.source, node) or ast.unparse(node)

    def _replace(self, spans: list[tuple[ast.Call, str]]) -> str:
        """Replace nodes by text; of nested ones the outer, which holds the inner's old text."""
        data = self.source.encode()
        starts = [0]
        for line in data.split(b"\n"):
            starts.append(starts[-1] + len(line) + 1)
        places = []
        for node, text in spans:
            begin = starts[node.lineno - 1] + node.col_offset
            end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            places.append((begin, end, text))
        done = len(data)
        for begin, end, text in sorted(places, key=lambda place: place[1], reverse=True):
            if end <= done:
                data = data[:begin] + text.encode() + data[end:]
                done = begin
        return data.decode()

    # --- questions --------------------------------------------------------------------

    def find_statement(self, line: int) -> ast.stmt | None:
        """Return the innermost statement at a line."""
        around = [s for s in self._statements if s.lineno <= line <= (s.end_lineno or s.lineno)]
        return max(around, key=lambda s: (s.lineno, s.col_offset), default=None)

    def find_next_wait(self, line: int) -> int | None:
        """Return the line of the first ``self.wait`` at a line or behind it."""
        waits = [
            n.lineno
            for n in ast.walk(self._tree)
            if isinstance(n, ast.Call) and ast.unparse(n.func) == "self.wait" and n.lineno >= line
        ]
        return min(waits, default=None)

    def find_first_line(self, thing: Drawn) -> int | None:
        """Return the line of the animation that first shows a mobject."""
        for moment in self.rehearsal.moments:
            if any(self.rehearsal.things[n].identity == thing.identity for n in moment.things):
                return moment.line
        return None

    def find_line(self, flaw: Flaw) -> int | None:
        """Return the line of the animation at which a flaw is first seen."""
        return self.rehearsal.moments[flaw.moments[0]].line if flaw.moments else None

    def list_companions(self, thing: Drawn) -> list[Drawn]:
        """Return everything that is visible at any moment together with a mobject."""
        found: dict[int, Drawn] = {}
        for moment in self.rehearsal.moments:
            things = [self.rehearsal.things[n] for n in moment.things]
            if any(t.identity == thing.identity for t in things):
                found |= {t.identity: t for t in things if t.identity != thing.identity}
        return list(found.values())

    def list_anchors(self, thing: Drawn) -> list[Drawn]:
        """Return the mobjects beside which one is placed, the nearest first, and theirs."""
        known = {t.name: t for t in self.rehearsal.things if t.name.isidentifier()}
        anchors: list[Drawn] = []
        waiting = [thing]
        while waiting:
            at = waiting.pop(0)
            place = self.find_statement(at.line) if at.line is not None else None
            used = [n.id for n in ast.walk(place) if isinstance(n, ast.Name)] if place else []
            new = [known[name] for name in dict.fromkeys(used) if name in known]
            new = [t for t in new if t.name not in {thing.name, *(a.name for a in anchors)}]
            anchors += new
            waiting += new
        return anchors

    def is_used_after(self, name: str, line: int) -> bool:
        """Return whether the source mentions a name behind a line."""
        rest = "\n".join(self.source.split("\n")[line:])
        return re.search(rf"\b{re.escape(name)}\b", rest) is not None

    def is_grouped(self, name: str) -> bool:
        """Tell whether a group is made of a thing and others: their places hang together."""
        groups = (n for n in ast.walk(self._tree) if isinstance(n, ast.Call))
        return any(
            isinstance(node.func, ast.Name)
            and node.func.id in {"VGroup", "Group"}
            and any(isinstance(a, ast.Name) and a.id == name for a in node.args)
            for node in groups
        )

    def counts_parts_of(self, name: str) -> bool:
        """Return whether the source indexes the parts of a mobject, as in ``formula[0][2]``."""
        return re.search(rf"(?<![\w.]){re.escape(name)}\s*\[", self.source) is not None
