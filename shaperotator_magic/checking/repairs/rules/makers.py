"""Constructors and plots that are given what they take, but in another form. Pure.

Runs in the caller's process: a kernel, a command or a service.
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

_GRAPHS = frozenset({"Graph", "DiGraph"})
_WRITTEN = frozenset({"Text", "MarkupText"})
_NUMBERS = frozenset({"Integer", "DecimalNumber"})
_PLOTS = frozenset({"plot", "FunctionGraph", "get_graph"})
_ROWS = frozenset({"numbers", "flat", "point"})
_OVER_RANGE = frozenset("get_area get_riemann_rectangles".split())
_TAG = re.compile(r"</?\w[^<>]*>")
_FUNCTIONS = frozenset("sin cos tan exp log sqrt abs arctan sinh cosh tanh pi e".split())
_TWO, _THREE = 2, 3


def span_places(failing: Failing) -> Iterator[Repair]:
    """``NumberLine(-5, 5, 1)`` has its range in one list."""
    call = _find(failing, {"NumberLine"})
    numbers = [a for a in call.args if failing.kind_of(a) == "number"] if call else []
    if call is not None and len(numbers) in {_TWO, _THREE} and numbers == call.args:
        yield _replace_places(failing, call, f"[{_join(failing, numbers)}]", "its range in a list")


def chart_table(failing: Failing) -> Iterator[Repair]:
    """``BarChart({"a": 1})`` takes numbers, and their names apart."""
    call = _find(failing, {"BarChart"})
    if call is None or not call.args or failing.kind_of(call.args[0]) != "table":
        return
    table = failing.read(call.args[0])
    named = any(k.arg == "bar_names" for k in call.keywords)
    names = "" if named else f", bar_names=[str(key) for key in {table}]"
    given = f"list({table}.values()){names}"
    yield _replace_places(failing, call, given, "numbers and names apart")


def stand_column(failing: Failing) -> Iterator[Repair]:
    """``Matrix([1, 2])`` is a column."""
    call = _find(failing, {"Matrix", "IntegerMatrix", "DecimalMatrix", "MobjectMatrix"})
    if call is None or not call.args or failing.kind_of(call.args[0]) not in _ROWS:
        return
    text = f"[[value] for value in {failing.read(call.args[0])}]"
    yield failing.repair([(call.args[0], text)], f"{find_called(call)} of one row is a column")


def join_graph(failing: Failing) -> Iterator[Repair]:
    """A Graph whose edges have weights, whose tree has no root, or that lacks some vertices."""
    call = _find(failing, _GRAPHS)
    parts = _find_parts(call) if call else None
    if call is None or parts is None or "keyword" in failing.failure.message:
        return
    vertices, edges = (failing.read(part) for part in parts)
    if "root_vertex" in failing.failure.message:
        text = f"{call_without(failing, call, [])[:-1]}, root_vertex=next(iter({vertices})))"
        yield failing.repair([(call, text)], "the tree begins at its first vertex")
    pairs = f"[tuple(edge)[:2] for edge in {edges}]"
    yield failing.repair([(parts[1], pairs)], "an edge is two vertices")
    ends = f"[*{vertices}, *(end for edge in {edges} for end in tuple(edge)[:2])]"
    every = f"list(dict.fromkeys({ends}))"
    yield failing.repair([(parts[0], every)], "a graph has the vertices of all its edges")
    if len(call.args) > _TWO:
        text = call_without(failing, call, call.args[_TWO:])
        yield failing.repair([(call, text)], f"{find_called(call)} takes vertices and edges")


def _find_parts(call: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    """Return vertices and edges as they are given: by place or by name."""
    named = {k.arg: k.value for k in call.keywords}
    given = [*call.args[:_TWO], *(named[n] for n in ("vertices", "edges") if n in named)]
    return (given[0], given[1]) if len(given) == _TWO else None


def quote_code(failing: Failing) -> Iterator[Repair]:
    """``Code("x = 1")`` shows this text; by place it would be a file's name."""
    call = _find(failing, {"Code"})
    if call is not None and call.args and failing.kind_of(call.args[0]) == "text":
        yield _replace_places(failing, call, f"code_string={_join(failing, call.args[:1])}", "code")


def order_places(failing: Failing) -> Iterator[Repair]:
    """``Variable("x", 0)`` has its value first; ``Integer("5")`` is a number."""
    call = _find(failing, _NUMBERS | {"Variable"})
    if call is None or not call.args:
        return
    kinds = [failing.kind_of(a) for a in call.args[:_TWO]]
    if find_called(call) == "Variable" and kinds == ["text", "number"]:
        first, second, *_ = call.args
        edits: list[Edit] = [(first, failing.read(second)), (second, failing.read(first))]
        yield failing.repair(edits, "Variable has its value first")
    elif find_called(call) in _NUMBERS and kinds[0] == "text":
        text = f"float({failing.read(call.args[0])})"
        yield failing.repair([(call.args[0], text)], "a number in quotes is a number")


def join_texts(failing: Failing) -> Iterator[Repair]:
    """``Text("a", "b")`` and ``Text(["a", "b"])`` are one text."""
    call = _find(failing, _WRITTEN)
    if call is None or not call.args:
        return
    kinds = [failing.kind_of(a) for a in call.args]
    if len(kinds) > 1 and set(kinds) == {"text"}:
        joined = f"' '.join([{_join(failing, call.args)}])"
        yield _replace_places(failing, call, joined, "one text")
    elif kinds == ["texts"]:
        lines = f"'\\n'.join({failing.read(call.args[0])})"
        yield _replace_places(failing, call, lines, "one text of several lines")


def drop_tags(failing: Failing) -> Iterator[Repair]:
    """``MarkupText("<red>a</red>")`` with tags that nobody knows is Text."""
    call = _find(failing, {"MarkupText"})
    if call is None or not re.search(r"tag|markup|parse", failing.failure.message, re.I):
        return
    edits: list[Edit] = [(call.func, "Text")]
    edits += [(a, _TAG.sub("", failing.read(a))) for a in call.args]
    yield failing.repair(edits, "a text with unknown tags is plain text")


def plot_points(failing: Failing) -> Iterator[Repair]:
    """``axes.plot(xs, ys)`` is a line through points; so is one list of pairs."""
    call = _find(failing, {"plot", "plot_line_graph"})
    if call is None or not isinstance(call.func, ast.Attribute):
        return
    line = f"{failing.read(call.func.value)}.plot_line_graph"
    kinds = [failing.kind_of(a) for a in call.args]
    if find_called(call) == "plot" and len(kinds) == _TWO and set(kinds) <= _ROWS:
        text = f"{line}({_join(failing, call.args)}, add_vertex_dots=False)"
        yield failing.repair([(call, text)], "a plot of points is a line through them")
    elif len(kinds) == 1 and kinds[0] in {"flats", "points"}:
        points = failing.read(call.args[0])
        columns = ", ".join(f"[point[{n}] for point in {points}]" for n in (0, 1))
        rest = call_without(failing, call, call.args)[len(failing.read(call.func)) + 1 :]
        text = f"{line}({columns}{'' if rest == ')' else ', '}{rest}"
        yield failing.repair([(call, text)], "points are given by their coordinates")


def plot_text(failing: Failing) -> Iterator[Repair]:
    """``axes.plot("x**2")`` is the plot of a function."""
    call = _find(failing, _PLOTS)
    first = call.args[0] if call and call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        body = _read_formula(first.value)
        if body:
            yield failing.repair([(first, f"lambda x: {body}")], "a text of x is a function of x")


def _read_formula(text: str) -> str:
    """Return a text such as ``sin(x)^2`` as an expression of Python; '' where it is none."""
    try:
        tree = ast.parse(text.rpartition("=")[2].strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError):
        return ""
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name)]
    if any(n.id not in _FUNCTIONS | {"x", "np", "math"} for n in names):
        return ""
    for name in names:
        name.id = f"np.{name.id}" if name.id in _FUNCTIONS else name.id
    return ast.unparse(tree)


def bound_area(failing: Failing) -> Iterator[Repair]:
    """``axes.get_area(graph, 0, 2)`` has its range in one list."""
    call = _find(failing, _OVER_RANGE)
    numbers = [a for a in call.args[1:_THREE] if failing.kind_of(a) == "number"] if call else []
    if call is None or len(numbers) != _TWO:
        return
    text = f"{failing.read(call.func)}({failing.read(call.args[0])}, "
    rest = call_without(failing, call, call.args)[len(failing.read(call.func)) + 1 :]
    text += f"x_range=[{_join(failing, numbers)}]{'' if rest == ')' else ', '}{rest}"
    yield failing.repair([(call, text)], f"{find_called(call)} has its range in a list")


def take_coordinates(failing: Failing) -> Iterator[Repair]:
    """A vector field is a function of a point, and not of its coordinates."""
    call = _find(failing, {"ArrowVectorField", "VectorField", "StreamLines"})
    if call is None or not call.args or "missing" not in failing.failure.message:
        return
    count = len(re.findall(r"'\w+'", failing.failure.message)) + 1
    inner = f"({failing.read(call.args[0])})(*point[:{count}])"
    text = f"lambda point: np.array([*{inner}, 0, 0][:3], dtype=float)"
    yield failing.repair([(call.args[0], text)], "a vector field is a function of a point")


def order_function(failing: Failing) -> Iterator[Repair]:
    """``ApplyFunction(d, f)`` and ``ApplyFunction(f(d), d)`` take the function first."""
    functions = {n.name for n in ast.walk(failing.tree) if isinstance(n, ast.FunctionDef)}
    for call in ast.walk(failing.statement or failing.area):
        name = find_called(call) if isinstance(call, ast.Call) else ""
        if not isinstance(call, ast.Call) or name != "ApplyFunction" or len(call.args) != _TWO:
            continue
        first, second = call.args
        if isinstance(second, ast.Name) and second.id in functions:
            edits: list[Edit] = [(first, failing.read(second)), (second, failing.read(first))]
            yield failing.repair(edits, f"{name} takes the function first")
        elif isinstance(first, ast.Call) and find_called(first) in functions:
            yield failing.repair([(first, failing.read(first.func))], f"{name} got the function")


def _find(failing: Failing, names: frozenset[str] | set[str]) -> ast.Call | None:
    call = failing.call
    return call if call is not None and find_called(call) in names else None


def _join(failing: Failing, nodes: list[ast.expr]) -> str:
    return ", ".join(map(failing.read, nodes))


def _replace_places(failing: Failing, call: ast.Call, given: str, words: str) -> Repair:
    """Return the call with this in place of all that is given by place."""
    function = failing.read(call.func)
    rest = call_without(failing, call, call.args)[len(function) + 1 :]
    text = f"{function}({given}{'' if rest == ')' else ', '}{rest}"
    return failing.repair([(call, text)], f"{find_called(call)} got {words}")
