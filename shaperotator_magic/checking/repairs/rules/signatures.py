"""Calls in the order or with the kinds of arguments that one would expect them to take. Pure.

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
from shaperotator_magic.checking.repairs.translation.inlining import inline_stand_ins

_MISSING_SCENE = re.compile(
    r"missing \d+ required positional arguments?: '(?P<name>scene|self|sc|parent)'"
)
_FUNCTIONS = frozenset({"always_redraw", "add_updater", "UpdateFromFunc", "UpdateFromAlphaFunc"})
_NO_PATH = re.compile(r"'(?:list|tuple|ndarray)' object has no attribute 'point_from_proportion'")
_PATHS = frozenset({"MoveAlongPath", "TracedPath"})
_TARGETED = frozenset(
    {
        "Transform",
        "ReplacementTransform",
        "TransformFromCopy",
        "TransformMatchingShapes",
        "FadeTransform",
    }
)
_POINTS = frozenset({"point", "flat", "mobject"})
_THREE, _TWO = 3, 2
_MOST_PLACES = {"next_to": 3, "to_edge": 2, "to_corner": 2, "align_to": 2, "move_to": 2, "wait": 1}


def pass_scene(failing: Failing) -> Iterator[Repair]:
    """``helper()`` of a function that takes the scene is called with ``self``."""
    call = failing.call
    found = _MISSING_SCENE.search(failing.failure.message)
    if found is None or call is None:
        return
    if isinstance(call.func, ast.Attribute) and found["name"] == "self":
        yield from _make_owner(failing, call.func)
    if not isinstance(call.func, ast.Name):
        return
    given = call_without(failing, call, [])
    head = f"{call.func.id}("
    rest = given[len(head) :]
    text = f"{head}self{'' if rest == ')' else ', '}{rest}"
    yield failing.repair([(call, text)], f"{call.func.id}() is given the scene")


def _make_owner(failing: Failing, function: ast.Attribute) -> Iterator[Repair]:
    """``Helper.draw()`` of a class is ``Helper().draw()``; of the scene's own, ``self.draw()``."""
    owner = failing.read(function.value)
    classes = {n.name for n in failing.tree.body if isinstance(n, ast.ClassDef)}
    if owner in classes:
        is_scene = failing.find_base(owner).endswith("Scene")
        new = "self" if is_scene else f"{owner}()"
        yield failing.repair([(function.value, new)], f"{owner}.{function.attr} is of {new}")


def redraw_by_function(failing: Failing) -> Iterator[Repair]:
    """``always_redraw(Dot(point))`` takes a function that makes the dot."""
    for node in ast.walk(failing.statement or failing.tree):
        if not isinstance(node, ast.Call) or find_called(node) != "always_redraw" or not node.args:
            continue
        first = node.args[0]
        if isinstance(first, ast.Call):
            text = f"lambda: {failing.read(first)}"
            yield failing.repair([(first, text)], "always_redraw got a function")


def follow_points(failing: Failing) -> Iterator[Repair]:
    """``MoveAlongPath(dot, points)`` follows the line through the points."""
    if not _NO_PATH.search(failing.failure.message):
        return
    edits: list[Edit] = [
        (node.args[1], f"polyline(*{failing.read(node.args[1])})")
        for node in ast.walk(failing.statement or failing.tree)
        if isinstance(node, ast.Call) and find_called(node) in _PATHS and len(node.args) >= _TWO
    ]
    if edits:
        repaired = failing.repair(edits, "a path through points")
        yield Repair(inline_stand_ins(repaired.source, failing.api.names), repaired.message)


def bound_surface(failing: Failing) -> Iterator[Repair]:
    """``axes.plot_surface(f)`` without ranges is over those of the axes."""
    call = failing.call
    if call is None or find_called(call) != "plot_surface":
        return
    if "NoneType" not in failing.failure.message or not isinstance(call.func, ast.Attribute):
        return
    axes = failing.read(call.func.value)
    given = {keyword.arg for keyword in call.keywords}
    ranges = [("u_range", f"{axes}.x_range[:2]"), ("v_range", f"{axes}.y_range[:2]")]
    added = "".join(f", {name}={text}" for name, text in ranges if name not in given)
    if added:
        text = f"{call_without(failing, call, [])[:-1]}{added})"
        yield failing.repair([(call, text)], "a surface over the ranges of its axes")


def measure_between(failing: Failing) -> Iterator[Repair]:
    """A Brace or an Angle of points, where manim has another call for points."""
    call = failing.call
    name = find_called(call) if call else ""
    if call is None or name not in {"Brace", "Angle", "RightAngle"}:
        return
    points = [a for a in call.args if failing.kind_of(a) in _POINTS]
    if name == "Brace" and len(points) >= _TWO:
        yield failing.repair([(call.func, "BraceBetweenPoints")], "a Brace between two points")
    elif name != "Brace" and len(points) >= _THREE:
        a, b, c = (failing.read(point) for point in points[:_THREE])
        inner = call_without(failing, call, points)[len(failing.read(call.func)) + 1 :]
        sides = f"Line({b}, {a}), Line({b}, {c})"
        text = f"{name}({sides}{'' if inner == ')' else ', '}{inner}"
        yield failing.repair([(call, text)], f"{name} of three points lies at the second")


def trim_places(failing: Failing) -> Iterator[Repair]:
    """``next_to(a, UP, 1, 2, 3)``: further numbers by place mean nothing."""
    call = failing.call
    most = _MOST_PLACES.get(find_called(call), 0) if call else 0
    if call is None or not most or len(call.args) <= most:
        return
    extra = call.args[most:]
    if all(failing.kind_of(a) in {"number", "text", "none"} for a in extra):
        text = call_without(failing, call, extra)
        yield failing.repair([(call, text)], f"{find_called(call)} takes {most} by place")


def name_tip(failing: Failing) -> Iterator[Repair]:
    """``tip_shape="square"`` names a class of tips."""
    call = failing.call
    if call is None or "'str' object is not callable" not in failing.failure.message:
        return
    shapes = [k.value for k in call.keywords if k.arg and k.arg.startswith("tip_shape")]
    edits: list[Edit] = [(value, _find_tip(failing.read(value))) for value in shapes]
    if edits:
        yield failing.repair(edits, "the shape of a tip is a class")


def _find_tip(text: str) -> str:
    words = ("Square", "Circle", "Stealth")
    return f"Arrow{next((w for w in words if w.lower() in text.lower()), 'Triangle')}FilledTip"


def turn_edge(failing: Failing) -> Iterator[Repair]:
    """``graph.edges[(2, 1)]`` of a graph that has the edge as (1, 2)."""
    node = failing.node
    is_edge = isinstance(node, ast.Subscript) and failing.read(node.value).endswith(".edges")
    if "KeyError" not in failing.failure.message or not isinstance(node, ast.Subscript):
        return
    if is_edge and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == _TWO:
        first, second = map(failing.read, node.slice.elts)
        edge = f"({second}, {first})"
        yield failing.repair([(node.slice, edge)], f"the edge is {edge}")


def count_vertices(failing: Failing) -> Iterator[Repair]:
    """``Graph(4, edges)`` has the vertices 0 to 3, or 1 to 4 where an edge says so."""
    call = failing.call
    if call is None or find_called(call) not in {"Graph", "DiGraph"} or not call.args:
        return
    first = call.args[0]
    if failing.kind_of(first) == "number":
        count = failing.read(first)
        for vertices in (f"list(range({count}))", f"list(range(1, {count} + 1))"):
            yield failing.repair([(first, vertices)], f"{find_called(call)} got its vertices")


def show_untargeted(failing: Failing) -> Iterator[Repair]:
    """``Transform(a)`` without a target: it appears."""
    edits: list[Edit] = [
        (node, f"FadeIn({failing.read(node.args[0])})")
        for node in ast.walk(failing.statement or failing.area)
        if isinstance(node, ast.Call)
        and find_called(node) in _TARGETED
        and len(node.args) == 1
        and not isinstance(node.args[0], ast.Starred)
    ]
    if edits:
        yield failing.repair(edits, "a Transform into nothing fades in")
