"""Names that are bound elsewhere: in another method, on self, or further down. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.repairs.failing import Edit, Failing, Repair

_NO_NAME = re.compile(r"name '(?P<name>\w+)' is not defined")
_TOO_EARLY = re.compile(
    r"(?:local|free) variable '(?P<name>\w+)'.*(?:not associated|before assignment)"
)
_NO_ATTRIBUTE = re.compile(r"'(?P<owner>\w+)' object has no attribute '(?P<name>\w+)'")

Function = ast.FunctionDef


def share_local(failing: Failing) -> Iterator[Repair]:
    """A local of one method that another one uses is an attribute of the scene."""
    message = failing.failure.message
    found = _NO_NAME.search(message) or _NO_ATTRIBUTE.search(message)
    if found is None:
        return
    owner = found.groupdict().get("owner")
    for node in failing.tree.body:
        if isinstance(node, ast.ClassDef) and (not owner or node.name == owner):
            yield from _share(failing, node, found["name"])


def _share(failing: Failing, node: ast.ClassDef, name: str) -> Iterator[Repair]:
    methods = [part for part in node.body if isinstance(part, Function)]
    makers = [m for m in methods if _binds(m, name) and name not in _list_parameters(m)]
    if not makers:
        return
    edits: list[Edit] = [
        (part, f"self.{name}")
        for method in methods
        if "self" in _list_parameters(method) and name not in _list_parameters(method)
        for part in ast.walk(method)
        if isinstance(part, ast.Name) and part.id == name
    ]
    yield failing.repair(edits, f"{name} is self.{name} in every method")


def _binds(method: Function, name: str) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
        for part in ast.walk(method)
    )


def _list_parameters(method: Function) -> set[str]:
    inner = [n for n in ast.walk(method) if isinstance(n, ast.arguments)]
    return {a.arg for arguments in inner for a in (*arguments.args, *arguments.kwonlyargs)}


def use_attribute(failing: Failing) -> Iterator[Repair]:
    """``title`` of what another method has made as ``self.title``."""
    found = _NO_NAME.search(failing.failure.message)
    if found is None:
        return
    name = found["name"]
    made = any(
        isinstance(n, ast.Attribute) and n.attr == name and isinstance(n.ctx, ast.Store)
        for n in ast.walk(failing.tree)
    )
    uses: list[Edit] = [
        (n, f"self.{name}") for n in ast.walk(failing.tree) if getattr(n, "id", "") == name
    ]
    if made and uses:
        yield failing.repair(uses, f"{name} is self.{name}")


def use_own(failing: Failing) -> Iterator[Repair]:
    """``self.axes`` of what is only ``axes`` in the same method."""
    found = _NO_ATTRIBUTE.search(failing.failure.message)
    if found is None or not failing.find_base(found["owner"]).endswith("Scene"):
        return
    uses: list[Edit] = [
        (n, found["name"])
        for n in ast.walk(failing.tree)
        if isinstance(n, ast.Attribute)
        and n.attr == found["name"]
        and failing.read(n.value) == "self"
    ]
    defined = any(
        isinstance(n, Function | ast.ClassDef) and n.name == found["name"]
        for n in failing.tree.body
    )
    if uses and (defined or found["name"] in failing.api.names):
        yield failing.repair(uses, f"self.{found['name']} is {found['name']}")


def define_before(failing: Failing) -> Iterator[Repair]:
    """A function that is used above its definition is moved up."""
    message = failing.failure.message
    found = _TOO_EARLY.search(message) or _NO_NAME.search(message)
    statement = failing.statement
    if found is None or statement is None:
        return
    functions = [node for node in ast.walk(failing.tree) if isinstance(node, Function)]
    for node in functions:
        later = [part for part in node.body if _defines(part, found["name"])]
        if later and node.lineno < statement.lineno:
            yield _move_up(failing, node, later[0])


def _defines(node: ast.stmt, name: str) -> bool:
    if isinstance(node, Function):
        return node.name == name
    value = node.value if isinstance(node, ast.Assign) else None
    is_tracker = isinstance(value, ast.Call) and ast.unparse(value.func) == "ValueTracker"
    is_free = isinstance(value, ast.Lambda) or is_tracker
    return isinstance(node, ast.Assign) and is_free and ast.unparse(node.targets[0]) == name


def _move_up(failing: Failing, outer: Function, moved: ast.stmt) -> Repair:
    lines = failing.source.split("\n")
    start, end = moved.lineno - 1, moved.end_lineno or moved.lineno
    block = lines[start:end]
    has_docstring = ast.get_docstring(outer) is not None and len(outer.body) > 1
    at = outer.body[1 if has_docstring else 0].lineno - 1
    rest = [*lines[:start], *lines[end:]]
    text = "\n".join([*rest[:at], *block, *rest[at:]])
    return Repair(text, "a function was moved above its first use")
