"""Numbers written as texts, trackers and None among values, numbers of parts. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.repairs.failing import (
    Edit,
    Failing,
    Repair,
    call_without,
    find_called,
)

_UNPACKED = re.compile(r"values to unpack|cannot unpack non-iterable")
_TEXT_FOR_NUMBER = re.compile(
    r"instances of '(?:str|int|float)' and '(?:str|int|float)'|must be real number, not str|"
    r"could not convert|for [-+*/]+=?: '(?:str|int|float)' and '(?:str|int|float)'|"
    r"can't multiply sequence by non-int|dtype\('<U|'<U\d"
)
_JOINED = re.compile(
    r"can only concatenate str|must be str, not|for \+: '(?:int|float|[\w.]*float64)' and 'str'"
)
_NUMBER = re.compile(r"^\s*-?\d+(?:\.\d*)?\s*$")
_NO_MOBJECT = re.compile(r"NoneType|but the value None|None \(at index|argument None")
_OF_VALUES = re.compile(r"inhomogeneous|format string|unsupported operand|ValueTracker|float\(\)")
_TAKE_NUMBERS = frozenset("set_value c2p coords_to_point n2p number_to_point sin cos str".split())


def read_number(failing: Failing) -> Iterator[Repair]:
    """``run_time="2"`` and ``wait("1")`` are meant as numbers."""
    if not _TEXT_FOR_NUMBER.search(failing.failure.message):
        return
    for area in (failing.area, failing.statement or failing.area):
        texts = [n for n in ast.walk(area) if isinstance(n, ast.Constant)]
        edits: list[Edit] = [
            (n, n.value.strip())
            for n in texts
            if isinstance(n.value, str) and _NUMBER.match(n.value)
        ]
        if edits:
            yield failing.repair(edits, "a number in quotes is a number")


def join_text(failing: Failing) -> Iterator[Repair]:
    """``"n = " + 5`` joins two texts."""
    node = failing.node
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if not _JOINED.search(failing.failure.message) or not isinstance(node, ast.BinOp) or not is_sum:
        return
    sides = [n for n in (node.left, node.right) if failing.kind_of(n) != "text"]
    edits: list[Edit] = [(n, f"str({failing.read(n)})") for n in sides]
    if len(edits) == 1:
        yield failing.repair(edits, "a number beside a text is a text")


def read_tracker(failing: Failing) -> Iterator[Repair]:
    """``tracker + 1`` and ``Square(tracker)`` mean the value of the tracker."""
    node = failing.node
    edits: list[Edit] = [
        (n, f"{failing.read(n)}.get_value()")
        for n in _list_operands(node)
        if failing.kind_of(n) == "tracker"
    ]
    edits = edits or list(_find_known_trackers(failing))
    if edits:
        yield failing.repair(edits, "a tracker among numbers is its value")


def _find_known_trackers(failing: Failing) -> Iterator[Edit]:
    """Yield trackers in lists, sums, texts and values of what failed: their names say it."""
    names = {
        target.id
        for node in ast.walk(failing.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and find_called(node.value) == "ValueTracker"
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    if not names or not _OF_VALUES.search(failing.failure.message):
        return
    for node in ast.walk(failing.statement or failing.area):
        if isinstance(node, ast.Name) and node.id in names:
            parent = failing.parents.get(node)
            is_given = isinstance(parent, ast.Call) and find_called(parent) in _TAKE_NUMBERS
            if is_given or isinstance(
                parent, ast.List | ast.Tuple | ast.BinOp | ast.FormattedValue
            ):
                yield node, f"{node.id}.get_value()"


def _list_operands(node: ast.expr | None) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Call):
        return [*node.args, *(keyword.value for keyword in node.keywords)]
    return []


def drop_none(failing: Failing) -> Iterator[Repair]:
    """None among the parts of a group is left out."""
    call = failing.call
    if call is None or not _NO_MOBJECT.search(failing.failure.message):
        return
    gone = [a for a in call.args if failing.kind_of(a) == "none"]
    if gone and len(gone) < len(call.args):
        text = call_without(failing, call, gone)
        yield failing.repair([(call, text)], "what is None was left out")
    starred = [a for a in call.args if isinstance(a, ast.Starred)]
    edits: list[Edit] = [
        (a.value, f"[part for part in {failing.read(a.value)} if part is not None]")
        for a in starred
    ]
    if edits:
        yield failing.repair(edits, "what is None was left out")


def count_parts(failing: Failing) -> Iterator[Repair]:
    """``for i, part in group`` counts the parts."""
    statement = failing.statement
    if not _UNPACKED.search(failing.failure.message) or not isinstance(statement, ast.For):
        return
    if isinstance(statement.target, ast.Tuple) and len(statement.target.elts) == 2:  # noqa: PLR2004 - number, part
        text = f"enumerate({failing.read(statement.iter)})"
        yield failing.repair([(statement.iter, text)], "the parts are counted")


def take_twice(failing: Failing) -> Iterator[Repair]:
    """``cells[0, 1]`` of a group of groups is ``cells[0][1]``."""
    if "not tuple" not in failing.failure.message:
        return
    edits: list[Edit] = [
        (n, failing.read(n.value) + "".join(f"[{failing.read(part)}]" for part in n.slice.elts))
        for n in ast.walk(failing.statement or failing.area)
        if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Tuple)
    ]
    if edits:
        yield failing.repair(edits, "a part of a part is taken in two steps")


def last_part(failing: Failing) -> Iterator[Repair]:
    """``formula[7]`` of five parts is the last one."""
    if "index out of range" not in failing.failure.message:
        return
    node = failing.node
    parts = [node] if isinstance(node, ast.Subscript) else []
    for part in parts:
        if failing.kind_of(part.value) in {"mobject", "mobjects"} and isinstance(
            part.ctx, ast.Load
        ):
            owner = failing.read(part.value)
            yield failing.repair([(part, f"{owner}[-1]")], f"{owner} has fewer parts: its last one")
            yield failing.repair([(part, owner)], f"{owner} has no parts: all of it")
        elif failing.kind_of(part.value) == "colors" and isinstance(part.ctx, ast.Load):
            owner, at = failing.read(part.value), failing.read(part.slice)
            text = f"{owner}[({at}) % len({owner})]"
            yield failing.repair([(part, text)], f"{owner} begins again after its last one")
