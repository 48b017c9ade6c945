"""Animations that cannot be played as they stand: no time, no target, nothing to animate. Pure.

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
    splice,
)
from shaperotator_magic.checking.repairs.translation.inlining import inline_stand_ins

_NO_TIME = re.compile(r"<= 0|must be positive|run_time|duration", re.IGNORECASE)
_NOTHING = re.compile(
    r"no animations|At least one mobject must be passed|at least one Animation|without animations",
    re.IGNORECASE,
)
_VECTOR_ONLY = re.compile(r"only works for (?:VMobject|vectorized)", re.IGNORECASE)
_NO_TARGET = re.compile(r"without attribute 'target'|get_point_mobject not implemented for Mobject")
_IN = frozenset("Create Write DrawBorderThenFill ShowIncreasingSubsets GrowArrow".split())
_OUT = frozenset({"Uncreate", "Unwrite"})
_LINES = frozenset({"Line", "DashedLine"})
_SHORTEST = "0.1"
_LACKS = re.compile(r"(?P<path>[\w.]+)\(\) missing 1 required positional argument: '(?P<name>\w+)'")
# What is given where nothing is: to which call, as which parameter.
_PLAIN = {
    ("GrowFromPoint", "point"): "$first.get_center()",
    ("GrowFromEdge", "edge"): "DOWN",
    ("FadeTransform", "target_mobject"): "$first",
    ("ApplyWave", "mobject"): "$first",
}


def lengthen_time(failing: Failing) -> Iterator[Repair]:
    """A run time of zero or less is a tenth of a second."""
    if "<= 0" not in failing.failure.message and "positive" not in failing.failure.message:
        return
    if not _NO_TIME.search(failing.failure.message):
        return
    edits: list[Edit] = []
    for node in ast.walk(failing.statement or failing.tree):
        if isinstance(node, ast.Call):
            times = [k.value for k in node.keywords if k.arg in {"run_time", "duration"}]
            times += node.args[:1] if find_called(node) in {"wait", "pause", "Wait"} else []
            edits += [(time, _lengthen(failing, time)) for time in times]
    if edits:
        yield failing.repair(edits, "a time of zero is a tenth of a second")


def _lengthen(failing: Failing, time: ast.expr) -> str:
    is_number = isinstance(time, ast.Constant)
    return _SHORTEST if is_number else f"max({failing.read(time)}, {_SHORTEST})"


def skip_nothing(failing: Failing) -> Iterator[Repair]:
    """``self.play(*[])`` and ``FadeOut(*self.mobjects)`` of an empty scene do nothing."""
    statement = failing.statement
    if not _NOTHING.search(failing.failure.message) or not isinstance(statement, ast.Expr):
        return
    yield Repair(
        splice(failing.source, [(statement, "pass")]),
        f"line {statement.lineno} animates nothing",
    )


def fade_group(failing: Failing) -> Iterator[Repair]:
    """Create and Write take vector graphics alone; anything fades in."""
    if not _VECTOR_ONLY.search(failing.failure.message):
        return
    area = failing.call or failing.statement or failing.tree
    calls = [n for n in ast.walk(area) if isinstance(n, ast.Call) and find_called(n) in _IN | _OUT]
    edits: list[Edit] = [(n.func, "FadeIn" if find_called(n) in _IN else "FadeOut") for n in calls]
    if edits:
        yield failing.repair(edits, f"{find_called(calls[0])} of a group of images is a fade")


def make_target(failing: Failing) -> Iterator[Repair]:
    """``MoveToTarget(a)`` without a target: what was done to ``a`` before it is the target."""
    statement = failing.statement
    if not _NO_TARGET.search(failing.failure.message) or statement is None:
        return
    names = [
        failing.read(n.args[0])
        for n in ast.walk(statement)
        if isinstance(n, ast.Call) and find_called(n) == "MoveToTarget" and n.args
    ]
    for name in names:
        changes = [s for s in _list_before(failing, statement) if _changes(failing, s, name)]
        if changes:
            indent = " " * changes[-1].col_offset
            text = failing.read(changes[-1])
            moved = f"{name}.generate_target()\n{indent}{name}.target{text[len(name) :]}"
            yield failing.repair([(changes[-1], moved)], f"{name} moves to where it was put")
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and find_called(node) == "MoveToTarget" and node.args:
            text = f"Indicate({failing.read(node.args[0])})"
            yield failing.repair([(node, text)], "MoveToTarget without a target is Indicate")


def _list_before(failing: Failing, statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements before one in its block."""
    parent = failing.parents.get(statement)
    for name in ("body", "orelse"):
        block = getattr(parent, name, [])
        if isinstance(block, list) and statement in block:
            return block[: block.index(statement)]
    return []


def _changes(failing: Failing, statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.Expr) and failing.read(statement).startswith(f"{name}.")


def aim_target(failing: Failing) -> Iterator[Repair]:
    """``d.target.shift(UP)`` of what has no target yet."""
    statement = failing.statement
    if "NoneType" not in failing.failure.message or statement is None:
        return
    targets = [
        n.value for n in ast.walk(statement) if isinstance(n, ast.Attribute) and n.attr == "target"
    ]
    if targets and isinstance(statement, ast.Expr | ast.Assign):
        owner = failing.read(targets[0])
        yield _put_before(failing, statement, f"{owner}.generate_target()", f"{owner} got a target")


def save_before(failing: Failing) -> Iterator[Repair]:
    """``Restore(d)`` of what was never saved goes back to where the scene begins with it."""
    statement = failing.statement
    if "without having saved" not in failing.failure.message or statement is None:
        return
    for call in (n for n in ast.walk(statement) if isinstance(n, ast.Call)):
        is_restore = find_called(call) == "Restore" and len(call.args) > 0
        thing = call.args[0] if is_restore else getattr(call.func, "value", None)
        if (not is_restore and find_called(call) != "restore") or thing is None:
            continue
        name = failing.read(thing).removesuffix(".animate")
        before = _find_first_mention(failing, statement, name)
        if before is not None:
            yield _put_before(failing, before, f"{name}.save_state()", f"{name} is saved first")


def _find_first_mention(failing: Failing, statement: ast.stmt, name: str) -> ast.stmt | None:
    """Return the first statement of its function that mentions a thing, and does not make it."""
    block = [*_list_before(failing, statement), statement]
    made = [s for s in block if isinstance(s, ast.Assign) and _makes(failing, s, name)]
    rest = block[block.index(made[-1]) + 1 :] if made else block
    return next((s for s in rest if name in failing.read(s)), None)


def _makes(failing: Failing, statement: ast.Assign, name: str) -> bool:
    return any(name in {failing.read(n) for n in ast.walk(t)} for t in statement.targets)


def _put_before(failing: Failing, statement: ast.stmt, line: str, message: str) -> Repair:
    text = f"{line}\n{' ' * statement.col_offset}{failing.read(statement)}"
    return failing.repair([(statement, text)], message)


def give_missing(failing: Failing) -> Iterator[Repair]:
    """``GrowFromPoint(c)`` lacks an argument that has a plain value."""
    found = _LACKS.search(failing.failure.message)
    if found is None:
        return
    name = found["path"].removesuffix(".__init__").rpartition(".")[2]
    value = _PLAIN.get((name, found["name"]))
    for node in ast.walk(failing.statement or failing.area):
        if value and isinstance(node, ast.Call) and find_called(node) == name:
            first = failing.read(node.args[0]) if node.args else "ORIGIN"
            text = f"{call_without(failing, node, [])[:-1]}{', ' if node.args else ''}"
            text += f"{found['name']}={value.replace('$first', first)})"
            yield failing.repair([(node, text)], f"{name} got its {found['name']}")
        elif name == "remove_updater" and isinstance(node, ast.Call):
            owner = getattr(node.func, "value", None)
            if find_called(node) == name and owner is not None:
                text = f"{failing.read(owner)}.clear_updaters()"
                yield failing.repair([(node, text)], "all updaters are removed")


def trace_function(failing: Failing) -> Iterator[Repair]:
    """``TracedPath(dot)`` follows the centre of the dot."""
    if "object is not callable" not in failing.failure.message:
        return
    edits: list[Edit] = []
    for node in ast.walk(failing.tree):
        if isinstance(node, ast.Call) and find_called(node) == "TracedPath" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Call):
                edits.append((first, failing.read(first.func)))
            elif isinstance(first, ast.Name):
                edits.append((first, f"{first.id}.get_center"))
    if edits:
        yield failing.repair(edits, "a TracedPath follows a function")


def draw_polyline(failing: Failing) -> Iterator[Repair]:
    """``Line(a, b, c)`` and ``Line(*points)`` are the line through all points."""
    call = failing.call
    if call is None or find_called(call) not in _LINES or not call.args:
        return
    is_long = len(call.args) != 2 or any(isinstance(a, ast.Starred) for a in call.args)  # noqa: PLR2004 - two ends
    if is_long:
        repaired = failing.repair([(call.func, "polyline")], "a line through many points")
        yield Repair(inline_stand_ins(repaired.source, failing.api.names), repaired.message)


def color_surface(failing: Failing) -> Iterator[Repair]:
    """``surface.set_fill_by_value(…)`` without axes of the surface colours it by height."""
    call = failing.call
    if call is None or find_called(call) != "set_fill_by_value":
        return
    function = call.func
    if not isinstance(function, ast.Attribute):
        return
    given = [failing.read(function.value)]
    given += [f"colors={failing.read(k.value)}" for k in call.keywords if k.arg == "colors"]
    given += [f"colors={failing.read(k.value)}" for k in call.keywords if k.arg == "colorscale"]
    text = f"color_by_height({', '.join(given)})"
    repaired = failing.repair([(call, text)], "the surface is coloured by its height")
    yield Repair(inline_stand_ins(repaired.source, failing.api.names), repaired.message)
