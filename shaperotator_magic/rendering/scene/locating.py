"""Which expression of a scene raised, what it called, and the kinds of its operands.

Arguments are evaluated a second time, in the frame that failed; so this is only for a process that
ends afterwards.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ast
import contextlib
import re
import traceback
from collections.abc import Iterable
from numbers import Number
from types import FrameType, TracebackType
from typing import Any

_MAGIC = re.compile(r"__getattr__\.<locals>\.(?:setter|getter)\(\)")
_MOST_OPERANDS = 12
_PLANE, _SPACE = 2, 3
_INLINED = (ast.ListComp, ast.SetComp, ast.DictComp)
_FIRST = "__first__"


def locate_failure(error: BaseException, scene_file: str) -> dict[str, Any]:
    """Return span, called and values of a ``RehearsalFailure``; nothing where it is not found."""
    own = [row for row in _walk(error) if row.tb_frame.f_code.co_filename == scene_file]
    if not own:
        return {}
    innermost = own[-1]
    summary = traceback.extract_tb(innermost, limit=1)[0]
    places = (summary.lineno, summary.colno, summary.end_lineno, summary.end_colno)
    if None in places:
        return {}
    inner = innermost.tb_next
    return {
        "span": places,
        "called": _name_called(inner.tb_frame) if inner else "",
        "values": _describe_operands(innermost.tb_frame, places),  # type: ignore[arg-type]
    }


def name_missing(error: BaseException, scene_file: str) -> str:
    """Return a message on a method that no class has, and that manim only seems to have.

    ``mobject.get_anything`` and ``set_anything`` give a function that fails when it is called.
    """
    own = [row for row in _walk(error) if row.tb_frame.f_code.co_filename == scene_file]
    if not own or not _MAGIC.search(str(error)):
        return ""
    frame = own[-1].tb_frame
    summary = traceback.extract_tb(own[-1], limit=1)[0]
    tree = _parse(frame)
    ends = (summary.end_lineno, summary.end_colno)
    for node in ast.walk(tree) if tree else ():
        is_method = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if (
            isinstance(node, ast.Call)
            and (node.end_lineno, node.end_col_offset) == ends
            and is_method
        ):
            function = node.func
            assert isinstance(function, ast.Attribute)  # noqa: S101 - is_method has checked it
            owner = type(_evaluate(function.value, frame)).__name__
            return f"AttributeError: '{owner}' object has no attribute '{function.attr}'"
    return ""


def _parse(frame: FrameType) -> ast.Module | None:
    import linecache

    try:
        return ast.parse("".join(linecache.getlines(frame.f_code.co_filename)))
    except SyntaxError:
        return None


def _walk(error: BaseException) -> Iterable[TracebackType]:
    row = error.__traceback__
    while row is not None:
        yield row
        row = row.tb_next


def _name_called(frame: FrameType) -> str:
    owner, name = frame.f_locals.get("self"), frame.f_code.co_name
    if owner is None:
        return name
    return type(owner).__name__ if name == "__init__" else f"{type(owner).__name__}.{name}"


def _describe_operands(frame: FrameType, places: tuple[int, int, int, int]) -> dict[str, str]:
    line, column, end_line, end_column = places
    tree = _parse(frame)
    if tree is None:
        return {}
    ends = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.expr)
        and (node.end_lineno, node.end_col_offset) == (end_line, end_column)
        and (node.lineno, node.col_offset) <= (line, column)
    ]
    ends.sort(key=lambda node: (node.lineno, node.col_offset), reverse=True)
    found = next((n for n in ends if isinstance(n, ast.Call | ast.BinOp | ast.Subscript)), None)
    if found is None:
        return {}
    names = _read_names(tree, found, frame)
    operands = list(_list_operands(found))[:_MOST_OPERANDS]
    return {ast.unparse(node): name_kind(_evaluate(node, frame, names)) for node in operands}


def _read_names(tree: ast.Module, failed: ast.expr, frame: FrameType) -> dict[str, Any]:
    """Return the variables of a frame, with those of the comprehensions around what failed.

    Since Python 3.12 (PEP 709) these are in the frame around them, which does not show them; each
    is given as the first that its comprehension takes.
    """
    names = dict(frame.f_locals)
    if frame.f_code.co_name.startswith("<"):  # of a comprehension's own
        return names
    for node in ast.walk(tree):
        if isinstance(node, _INLINED) and any(part is failed for part in ast.walk(node)):
            for generator in node.generators:
                _bind_first(generator, frame, names)
    return names


def _bind_first(generator: ast.comprehension, frame: FrameType, names: dict[str, Any]) -> None:
    with contextlib.suppress(Exception):  # what cannot be taken apart has no known kind
        first = next(iter(_evaluate(generator.iter, frame, names)))
        unpack = ast.Assign([generator.target], ast.Name(_FIRST, ast.Load()))
        code = compile(ast.Module([ast.fix_missing_locations(unpack)], []), "<operand>", "exec")
        names[_FIRST] = first
        exec(code, frame.f_globals, names)  # noqa: S102 - the scene's own expression


def _list_operands(node: ast.expr) -> Iterable[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.Subscript):
        yield node.value
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
        yield from (a.value if isinstance(a, ast.Starred) else a for a in node.args)
        yield from (keyword.value for keyword in node.keywords)


def _evaluate(node: ast.expr, frame: FrameType, names: dict[str, Any] | None = None) -> Any:
    try:
        return eval(  # noqa: S307 - the scene's own expression, in its own process
            compile(ast.Expression(node), "<operand>", "eval"),
            frame.f_globals,
            frame.f_locals if names is None else names,
        )
    except Exception:  # noqa: BLE001 - it may be what failed
        return Ellipsis


def name_kind(value: Any) -> str:
    """Return one word for what a value is to a scene; nothing for what has none."""
    from manim import Animation, ManimColor, Mobject, ValueTracker
    from manim.mobject.mobject import _AnimationBuilder

    if value is None:
        return "none"
    if isinstance(value, ManimColor):
        return "color"
    if isinstance(value, Mobject):
        return "tracker" if isinstance(value, ValueTracker) else "mobject"
    if isinstance(value, Animation | _AnimationBuilder):
        return "animation"
    if isinstance(value, str | Number):
        return "text" if isinstance(value, str) else "number"
    return "function" if callable(value) else _name_sequence(value)


def _name_sequence(value: Any) -> str:
    if isinstance(value, dict):
        return "table"
    if not hasattr(value, "__len__"):
        return ""
    parts = list(value)
    if not parts:
        return "nothing"
    if all(isinstance(part, Number) for part in parts):
        return {_PLANE: "flat", _SPACE: "point"}.get(len(parts), "numbers")
    kinds = {name_kind(part) for part in parts}
    plural = {
        "mobject": "mobjects", "animation": "animations", "flat": "flats", "point": "points",
        "color": "colors", "text": "texts",
    }  # fmt: skip
    return plural.get(kinds.pop(), "") if len(kinds) == 1 else ""
