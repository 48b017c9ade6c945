"""Numbers that are written as texts, texts beside numbers, trackers and None among values. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.repairs.failing import Edit, Failing, Repair, call_without

_TEXT_FOR_NUMBER = re.compile(
    r"instances of '(?:str|int|float)' and '(?:str|int|float)'|must be real number, not str|"
    r"could not convert|for [-+*/]+=?: '(?:str|int|float)' and '(?:str|int|float)'|"
    r"can't multiply sequence by non-int|dtype\('<U|'<U\d"
)
_JOINED = re.compile(
    r"can only concatenate str|must be str, not|for \+: '(?:int|float|[\w.]*float64)' and 'str'"
)
_NUMBER = re.compile(r"^\s*-?\d+(?:\.\d*)?\s*$")
_NO_MOBJECT = re.compile(r"NoneType|but the value None|None \(at index")


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
    if edits:
        yield failing.repair(edits, "a tracker among numbers is its value")


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
