"""Points of two numbers where manim wants three. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from shaperotator_magic.checking.repairs.failing import Edit, Failing, Repair, find_called

_IN_SPACE = '''
def in_space(point):
    """Return a point of the plane as a point in space."""
    return np.array([*point, 0, 0][:3], dtype=float)
'''
_SHAPES = re.compile(
    r"could not be broadcast|broadcast input array|inhomogeneous|must match exactly|"
    r"setting an array element|out of bounds for axis|not enough values to unpack|"
    r"cannot reshape|shape mismatch|shapes? \(?[23]|dimension|mismatch in its core|"
    r"AssertionError|not aligned|homogeneous|all input arrays|can't multiply sequence by non-int"
)
_FLAT = 2
_PAIRED = ("range", "resolution", "size", "dimensions", "shape")
# A point of these fails only in a later statement.
_OF_PATHS = frozenset(
    "start_new_path add_line_to add_smooth_curve_to add_cubic_bezier_curve_to "
    "add_quadratic_bezier_curve_to set_points_as_corners set_points_smoothly".split()
)


def lift_points(failing: Failing) -> Iterator[Repair]:
    """``[x, y]`` becomes ``[x, y, 0]``; what only the values show is put through a function."""
    if not _SHAPES.search(failing.failure.message):
        return
    flat = [node for node in _list_parts(failing) if failing.kind_of(node) in {"flat", "flats"}]
    message = "points of two numbers got a third, 0"
    literal = [*_find_flat_literals(flat)]
    if literal:
        yield failing.repair(_lengthen(failing, literal), message)
    wrapped: list[Edit] = [(n, _wrap(failing, n)) for n in flat if not _is_literal(n)]
    if wrapped:
        yield failing.repair(wrapped, message, needs=_IN_SPACE)
    inside = list(_find_flat_literals([failing.area]))
    if inside:
        yield failing.repair(_lengthen(failing, inside), message)
    around = list(_find_flat_literals([failing.statement] if failing.statement else []))
    if around:
        yield failing.repair(_lengthen(failing, around), message)
    calls = [n for n in ast.walk(failing.tree) if isinstance(n, ast.Call)]
    paths = [a for c in calls if find_called(c) in _OF_PATHS for a in c.args]
    drawn = list(_find_flat_literals(paths))
    if drawn:
        yield failing.repair(_lengthen(failing, drawn), message)
    lists: list[Edit] = [
        (a, f"np.array({failing.read(a)}, dtype=float)")
        for a in paths
        if isinstance(a, ast.List | ast.Tuple) and "multiply" in failing.failure.message
    ]
    if lists:
        yield failing.repair(lists, "a point of a path is an array")


def _list_parts(failing: Failing) -> list[ast.expr]:
    """Return the operands and arguments of what failed, as they lie in the source."""
    names = failing.failure.values
    ranges = {id(part) for part in _list_ranges(failing.area)}
    return [
        n
        for n in ast.walk(failing.area)
        if isinstance(n, ast.expr) and ast.unparse(n) in names and id(n) not in ranges
    ]


def _wrap(failing: Failing, node: ast.expr) -> str:
    text = failing.read(node)
    return (
        f"in_space({text})" if failing.kind_of(node) == "flat" else f"[in_space(p) for p in {text}]"
    )


def _is_literal(node: ast.AST) -> bool:
    return next(iter(_find_flat_literals([node])), None) is not None


def _find_flat_literals(nodes: Iterable[ast.AST]) -> Iterator[ast.List | ast.Tuple]:
    for node in nodes:
        ranges = {id(part) for part in _list_ranges(node)}
        for part in ast.walk(node):
            if id(part) in ranges:
                continue
            is_pair = isinstance(part, ast.List | ast.Tuple) and len(part.elts) == _FLAT
            if is_pair and isinstance(part, ast.List | ast.Tuple) and _holds_numbers(part):
                yield part


def _list_ranges(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is given as ``x_range=``, ``resolution=`` and the like: no points."""
    keywords = (n for n in ast.walk(node) if isinstance(n, ast.keyword))
    yield from (k.value for k in keywords if k.arg and k.arg.endswith(_PAIRED))


def _holds_numbers(node: ast.List | ast.Tuple) -> bool:
    if not isinstance(node.ctx, ast.Load):
        return False
    words = ast.List | ast.Tuple | ast.Starred | ast.Dict | ast.Lambda | ast.JoinedStr
    return not any(
        isinstance(e, words) or (isinstance(e, ast.Constant) and isinstance(e.value, str))
        for e in node.elts
    )


def _lengthen(failing: Failing, nodes: Iterable[ast.AST]) -> list[Edit]:
    edits: list[Edit] = []
    for node in nodes:
        text = failing.read(node).rstrip()
        end = text[-1] if text[-1] in ")]" else ""
        inner = text.removesuffix(end).rstrip().rstrip(",")
        edits.append((node, f"{inner}, 0{end}"))
    return edits
