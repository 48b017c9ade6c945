"""Arguments of another kind than the call takes: numbers for a point, numbers for a text. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.dialect.rules import FORMULAS
from shaperotator_magic.checking.repairs.failing import (
    Edit,
    Failing,
    Repair,
    call_without,
    find_called,
)

_TEXTS = FORMULAS | {"Text", "MarkupText", "Paragraph"}
_POINTED = frozenset("Point Dot Vector move_to shift next_to set_points array align_to".split())
_CELLS = frozenset(
    "add_highlighted_cell get_cell get_highlighted_cell get_entries get_entries_without_labels "
    "rgb_to_color rgba_to_color rgb_to_hex".split()
)
_OF_AXES = frozenset("get_vertical_line get_horizontal_line get_lines_to_point".split())
_UNPACKING = frozenset(
    "Polygon SurroundingRectangle VGroup Group FadeIn FadeOut AnimationGroup LaggedStart "
    "Succession Union Intersection BackgroundRectangle add remove Swap CyclicReplace Paragraph "
    "BulletedList add_fixed_in_frame_mobjects bring_to_front bring_to_back".split()
)
_LISTED = frozenset({"mobjects", "points", "flats", "animations", "texts", "nothing"})
_OF_GRAPHS = frozenset(
    "get_area get_riemann_rectangles get_graph_label input_to_graph_point i2gp "
    "get_vertical_lines_to_graph slope_of_tangent angle_of_tangent get_secant_slope_group "
    "plot_derivative_graph get_T_label".split()
)
_SPACE = 3


def join_coordinates(failing: Failing) -> Iterator[Repair]:
    """``Point(x, y)`` becomes ``Point([x, y, 0])``, and ``np.array(0, 1)`` ``np.array([0, 1])``."""
    call = failing.call
    name = find_called(call) if call else ""
    if call is None or name not in _POINTED | _CELLS:
        return
    numbers = [a for a in call.args if failing.kind_of(a) == "number"]
    if len(numbers) not in {2, _SPACE, _SPACE + 1} or numbers != call.args:
        return
    texts = [failing.read(a) for a in numbers]
    zeros = ["0"] * (_SPACE - len(texts)) if name not in {"array", *_CELLS} else []
    point = f"[{', '.join([*texts, *zeros])}]"
    options = [f"{k.arg}={failing.read(k.value)}" for k in call.keywords if k.arg]
    text = f"{failing.read(call.func)}({', '.join([point, *options])})"
    yield failing.repair([(call, text)], f"the numbers given to {name} are one point")


def place_on_axes(failing: Failing) -> Iterator[Repair]:
    """``axes.get_vertical_line(x)`` takes a point of the axes, not a number."""
    call = failing.call
    if (
        call is None
        or find_called(call) not in _OF_AXES
        or not isinstance(call.func, ast.Attribute)
    ):
        return
    first = next(iter(call.args), None)
    if first is not None and failing.kind_of(first) == "number":
        point = f"{failing.read(call.func.value)}.c2p({failing.read(first)}, 0)"
        yield failing.repair([(first, point)], f"{call.func.attr} got a point of the axes")


def write_as_text(failing: Failing) -> Iterator[Repair]:
    """``Text(5)`` becomes ``Text(str(5))``; what is no text among the texts is left out."""
    call = failing.call
    if call is None or find_called(call) not in _TEXTS:
        return
    kinds = [(a, failing.kind_of(a)) for a in call.args]
    numbers: list[Edit] = [
        (a, f"str({failing.read(a)})") for a, k in kinds if k in {"number", "none"}
    ]
    if numbers:
        yield failing.repair(numbers, "a number that is shown is a text")
    others = [a for a, kind in kinds if kind not in {"text", "number", ""}]
    if others and len(others) < len(call.args):
        text = call_without(failing, call, others)
        yield failing.repair(
            [(call, text)], f"{find_called(call)} takes texts: the rest is left out"
        )


def raise_surface(failing: Failing) -> Iterator[Repair]:
    """A Surface whose function returns a height, and no point."""
    call = failing.call
    if call is None or find_called(call) != "Surface" or not call.args:
        return
    first = call.args[0]
    text = f"lambda u, v: np.array([u, v, ({failing.read(first)})(u, v)])"
    yield failing.repair([(first, text)], "the function of a surface returns points")


def aim_animation(failing: Failing) -> Iterator[Repair]:
    """``MoveToTarget(a, b)`` and ``MoveTo(a, b)`` become ``a.animate.move_to(b)``."""
    call = failing.call
    if call is None or find_called(call) not in {"MoveToTarget", "MoveTo"} or len(call.args) != 2:  # noqa: PLR2004 - what, where to
        return
    what, where = map(failing.read, call.args)
    yield failing.repair(
        [(call, f"{what}.animate.move_to({where})")], "a move to a place is .animate"
    )


def unpack_list(failing: Failing) -> Iterator[Repair]:
    """``Polygon([a, b, c])`` and ``SurroundingRectangle([x])`` take what is in the list."""
    call = failing.call
    if call is None or find_called(call) not in _UNPACKING:
        return
    lists = [
        a
        for a in call.args
        if failing.kind_of(a) in _LISTED or isinstance(a, ast.List | ast.ListComp)
    ]
    if lists and not any(failing.kind_of(a) in {"flat", "point"} for a in lists):
        edits: list[Edit] = [(a, f"*{failing.read(a)}") for a in lists]
        yield failing.repair(edits, f"{find_called(call)} got what is in the list")


def group_list(failing: Failing) -> Iterator[Repair]:
    """``ReplacementTransform([a], b)`` and ``Create({"a": a})`` take a group."""
    call = failing.call
    if call is None or failing.api.kind_of(find_called(call)) not in {"Animation", "Mobject"}:
        return
    edits: list[Edit] = []
    for argument in call.args:
        text = failing.read(argument)
        inner = argument.value if isinstance(argument, ast.Starred) else argument
        kind = failing.kind_of(inner)
        if kind == "table":
            values = f"{failing.read(inner)}.values()"
            edits.append((argument, f"*{values}" if inner is not argument else f"Group(*{values})"))
        elif kind == "mobjects" and inner is argument:
            edits.append((argument, f"Group(*{text})"))
    for kind in ("VGroup", "Group"):
        grouped: list[Edit] = [
            (node, text.replace("Group(", f"{kind}(", 1)) for node, text in edits
        ]
        if grouped:
            yield failing.repair(grouped, f"{find_called(call)} got a group")


def map_table(failing: Failing) -> Iterator[Repair]:
    """``set_color_by_tex({"x": RED})`` takes one text; of a table there is another method."""
    call = failing.call
    is_it = call is not None and find_called(call) == "set_color_by_tex"
    if call is None or not is_it or not isinstance(call.func, ast.Attribute) or not call.args:
        return
    if failing.kind_of(call.args[0]) == "table":
        new = f"{failing.read(call.func.value)}.set_color_by_tex_to_color_map"
        yield failing.repair([(call.func, new)], "a table colours the parts of a formula")


def gather_colors(failing: Failing) -> Iterator[Repair]:
    """``color_gradient(RED, BLUE, 5)`` takes its colours in a list."""
    call = failing.call
    if call is None or find_called(call) not in {"color_gradient", "set_color_by_gradient"}:
        return
    colors = [a for a in call.args if failing.kind_of(a) == "color"]
    if find_called(call) == "color_gradient" and len(colors) > 1:
        rest = [f", {failing.read(a)}" for a in call.args if a not in colors]
        text = f"color_gradient([{', '.join(map(failing.read, colors))}]{''.join(rest)})"
        yield failing.repair([(call, text)], "the colours of a gradient are in a list")


def span_range(failing: Failing) -> Iterator[Repair]:
    """``Axes(x_range=5)`` is from 0 to 5, and of an array from its least to its largest."""
    call = failing.call
    if call is not None and "too many values to unpack" in failing.failure.message:
        yield from _shorten_ranges(failing, call)
    if call is None or not re.search(r"'(?:int|float)'", failing.failure.message):
        return
    ranges = [k for k in call.keywords if k.arg and k.arg.endswith("_range")]
    edits: list[Edit] = [
        (k.value, f"[0, {failing.read(k.value)}]")
        for k in ranges
        if failing.kind_of(k.value) == "number"
    ]
    if edits:
        yield failing.repair(edits, "a range of one number begins at 0")


def _shorten_ranges(failing: Failing, call: ast.Call) -> Iterator[Repair]:
    ranges = [k.value for k in call.keywords if k.arg and k.arg.endswith("_range")]
    edits: list[Edit] = [
        (value, f"[min({failing.read(value)}), max({failing.read(value)})]")
        for value in ranges
        if failing.kind_of(value) == "numbers"
    ]
    if edits:
        yield failing.repair(edits, "a range goes from the least to the largest")


def drop_choice(failing: Failing) -> Iterator[Repair]:
    """A text that is none of those that a keyword takes: the default stays."""
    call = failing.call
    message = failing.failure.message
    if call is None or not message.startswith(("ValueError", "KeyError")):
        return
    for keyword in call.keywords:
        value = getattr(keyword.value, "value", None)
        if isinstance(value, str) and repr(value) in message:
            text = call_without(failing, call, [keyword])
            yield failing.repair([(call, text)], f"{keyword.arg}={value!r} was left out")


def plot_function(failing: Failing) -> Iterator[Repair]:
    """``axes.get_area(f)`` of a function, and not of its graph."""
    call = failing.call
    if call is None or find_called(call) not in _OF_GRAPHS or not call.args:
        return
    functions = [a for a in call.args if failing.kind_of(a) == "function"]
    if functions and isinstance(call.func, ast.Attribute):
        axes = failing.read(call.func.value)
        edits: list[Edit] = [(a, f"{axes}.plot({failing.read(a)})") for a in functions]
        yield failing.repair(edits, f"{call.func.attr} got the graph of the function")


def become_given(failing: Failing) -> Iterator[Repair]:
    """``a.animate.set(b)`` of a mobject is ``become``."""
    call = failing.call
    if call is None or find_called(call) not in {"set", "update", "set_to", "transform"}:
        return
    mobjects = [a for a in call.args if failing.kind_of(a) == "mobject"]
    if mobjects and isinstance(call.func, ast.Attribute):
        text = f"{failing.read(call.func.value)}.become({failing.read(mobjects[0])})"
        yield failing.repair([(call, text)], f".{call.func.attr} of a mobject is become")


def forget_moving(failing: Failing) -> Iterator[Repair]:
    """Manim keeps two lists under one name: after a play, apply_matrix meets the wrong one."""
    statement = failing.statement
    if not re.search(r"zip\(\) argument|get_moving|point_mobject", failing.failure.message):
        return
    if "LinearTransformationScene" not in failing.source or not isinstance(statement, ast.Expr):
        return
    indent = " " * statement.col_offset
    text = f"self.moving_mobjects = []\n{indent}{failing.read(statement)}"
    yield failing.repair([(statement, text)], "apply_matrix works after a play, too")
