"""Names and methods that manim never had, in its own words: the table is ``translations``. Pure.

What the source alone shows is translated before anything runs (``translate_faults``); what only
the values show, after the failure that names them (``translate_failure``).

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.dialect.rules import FORMULAS
from shaperotator_magic.checking.names import NameFault
from shaperotator_magic.checking.repairs.failing import (
    Edit,
    Failing,
    Repair,
    call_without,
    find_called,
    splice,
)
from shaperotator_magic.checking.repairs.translation import methods, names
from shaperotator_magic.checking.repairs.translation.inlining import inline_stand_ins, is_stand_in
from shaperotator_magic.core.records import RehearsalFailure

__all__ = ["translate_failure", "translate_faults"]

_NO_NAME = re.compile(r"name '(?P<name>\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(r"'?(?P<owner>\w+)'? object has no attribute '(?P<name>\w+)'")
_COLOR_WORDS = re.compile(r"^[A-Z]+(?:_[A-Z]+)*(?:_[A-Z0-9])?$")
_NUMBERS = {"float64": "float", "float32": "float", "int64": "int", "int32": "int"}
_EASING = re.compile(r"^ease_(?:in|out|in_out)_[a-z]+$")
# Functions that change the thing they are given, and return it.
_CHANGING = frozenset({"put_label", "rewrite_text", "color_words", "color_by_height"})


def translate_name(name: str, api: Api) -> str:
    """Return the expression that a name which is not defined means; '' where none is known."""
    if name in names.NAMES:
        return names.NAMES[name]
    if is_stand_in(name):
        return name
    if _EASING.match(name):
        return f"rate_functions.{name}"
    shade = _find_shade(name, api.names)
    if shade:
        return shade
    word = name.rpartition("_")[2] if name.rpartition("_")[2] in names.COLORS else name
    color = names.COLORS.get(name.removesuffix("_COLOR"), names.COLORS.get(word, ""))
    return f'ManimColor("{color}")' if color else ""


def _find_shade(name: str, names: frozenset[str]) -> str:
    """``LIGHT_GREEN``, ``GREEN_COLOR`` and ``RED_Z`` are colours that one of their words says."""
    if not _COLOR_WORDS.match(name):
        return ""
    colors = {c for c in names if _COLOR_WORDS.match(c) and f"{c}_A" in names}
    words = [word for word in name.split("_") if len(word) > 2]  # noqa: PLR2004 - UP is no colour
    found = [
        w for w in [*reversed(words)] if w in colors or w in {"WHITE", "BLACK", "ORANGE", "PINK"}
    ]
    return found[0] if found else ""


def translate_faults(
    source: str, faults: Iterable[NameFault], api: Api
) -> tuple[str, list[tuple[str, int]]]:
    """Return the source with what is certain translated; a sentence and a line for each."""
    reading = Failing(source, RehearsalFailure(message=""), api)
    edits: list[Edit] = []
    said: dict[str, int] = {}
    nodes = _index_nodes(reading.tree)
    for fault in (f for f in faults if f.kind in {"name", "attribute", "setter"}):
        node = nodes.get((fault.kind == "name", fault.name, fault.line, fault.column))
        edit = _translate_node(reading, node, fault.owner) if node is not None else None
        if node is not None and edit is not None:
            edits.append(edit)
            said.setdefault(_describe(reading, node, edit), fault.line)
    if not edits:
        return source, []
    return inline_stand_ins(splice(source, edits), api.names), list(said.items())


def _index_nodes(
    tree: ast.Module,
) -> dict[tuple[bool, str, int, int], ast.Name | ast.Attribute]:
    """Return names and attributes by what a fault says of them: kind, name, line and column."""
    found: dict[tuple[bool, str, int, int], ast.Name | ast.Attribute] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found[True, node.id, node.lineno, node.col_offset] = node
        elif isinstance(node, ast.Attribute):
            column = (node.end_col_offset or 0) - len(node.attr.encode())
            found[False, node.attr, node.end_lineno or node.lineno, column] = node
    return found


def translate_failure(failing: Failing) -> Iterator[Repair]:
    """A name or attribute that nothing has, and that the table knows."""
    message = failing.failure.message
    found = _NO_NAME.search(message) or _NO_ATTRIBUTE.search(message)
    if found is None:
        return
    owner = found.groupdict().get("owner", "")
    # Of a getter or setter that is not there, manim names what it would have reached.
    names = {found["name"], *(f"{verb}_{found['name']}" for verb in ("get", "set") if owner)}
    kind = ast.Attribute if owner else ast.Name
    area = failing.statement if owner and failing.statement else failing.tree
    nodes = [
        n
        for n in ast.walk(area)
        if isinstance(n, kind) and names & {getattr(n, "attr", ""), getattr(n, "id", "")}
    ]
    pairs = [(n, _translate_node(failing, n, owner)) for n in nodes]
    edits = [edit for _, edit in pairs if edit is not None]
    if edits:
        source = inline_stand_ins(splice(failing.source, edits), failing.api.names)
        yield Repair(source, _describe(failing, nodes[0], edits[0]))


def _describe(failing: Failing, node: ast.AST, edit: Edit) -> str:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    dot = "." if isinstance(node, ast.Attribute) else ""
    if edit[1] == name:
        return f"{name} is a function of the scene: manim has none"
    return f"{dot}{name} is now {' '.join(edit[1].split())[:60]}"


def _translate_node(failing: Failing, node: ast.Name | ast.Attribute, owner: str) -> Edit | None:
    if isinstance(node, ast.Name):
        meant = translate_name(node.id, failing.api)
        return (node, meant) if meant else None
    for kind in _list_kinds(failing, owner):
        edit = _translate_attribute(failing, node, kind)
        if edit is not None:
            return edit
    return None


def _list_kinds(failing: Failing, owner: str) -> list[str]:
    """Return the classes whose rows of the table are for objects of a class, nearest first."""
    base = failing.find_base(_NUMBERS.get(owner, owner))
    return [base, *failing.api.list_bases(base)]


def _translate_attribute(failing: Failing, node: ast.Attribute, kind: str) -> Edit | None:
    parent = failing.parents.get(node)
    call = parent if isinstance(parent, ast.Call) and parent.func is node else None
    if call is None:
        template = _look_up(methods.REPLACED_ATTRIBUTES, kind, node.attr)
        if template and _is_shown(parent):
            return parent, call_without(failing, parent, [node])  # no text, and nothing of one
        return (node, _fill(template, failing.read(node.value), "")) if template else None
    new = _look_up(methods.RENAMED_METHODS, kind, node.attr)
    if new and failing.api.has_attribute(kind, new):
        return node, f"{failing.read(node.value)}.{new}"
    template = _look_up(methods.REPLACED_METHODS, kind, node.attr)
    return (call, _call(failing, call, node, template)) if template else None


def _is_shown(parent: ast.AST | None) -> TypeGuard[ast.Call]:
    """Whether this call shows its arguments as text, and has others than one."""
    is_text = isinstance(parent, ast.Call) and find_called(parent) in FORMULAS | {"Text"}
    return is_text and isinstance(parent, ast.Call) and len(parent.args) > 1


def _look_up(table: tuple[tuple[str, dict[str, str]], ...], kind: str, name: str) -> str:
    return next((rows[name] for owner, rows in table if owner == kind and name in rows), "")


def _call(failing: Failing, call: ast.Call, node: ast.Attribute, template: str) -> str:
    it = failing.read(node.value)
    given = [failing.read(a) for a in call.args]
    given += [f"{k.arg}={failing.read(k.value)}" for k in call.keywords if k.arg]
    given += [f"**{failing.read(k.value)}" for k in call.keywords if not k.arg]
    arguments = ", ".join(given)
    owner = it.removesuffix(".animate")
    if owner == it:
        return _fill(template, it, arguments)
    if template.partition("(")[0] in _CHANGING:
        changed = _fill(template, f"{owner}.copy()", arguments)
        return f"Transform({owner}, {changed})"
    return _fill(template, it, arguments)


def _fill(template: str, it: str, arguments: str) -> str:
    text = template if arguments else template.replace(", $args", "")
    return text.replace("$it", it).replace("$args", arguments)
