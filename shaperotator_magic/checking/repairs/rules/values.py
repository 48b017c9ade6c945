"""Values of a kind that the call does not take: lists for arrays, texts for names. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from shaperotator_magic.checking.api import Api
from shaperotator_magic.checking.dialect.rules import DIRECTIONS, FORMULAS
from shaperotator_magic.checking.repairs.failing import (
    Edit,
    Failing,
    Repair,
    call_without,
    find_called,
)
from shaperotator_magic.checking.repairs.translation.inlining import inline_stand_ins
from shaperotator_magic.checking.repairs.translation.translating import translate_name

_LIST_ARITHMETIC = re.compile(
    r"unsupported operand|can't multiply sequence|can only concatenate|must be real number|"
    r"bad operand type for unary|can't mult|matmul: Input operand"
)
_ARITHMETIC = re.compile(
    r"unsupported operand|setting an array element|truth value of an array|NotImplementedError"
)
_LISTS = frozenset({"flat", "point", "numbers", "flats", "points", "matrix"})
_NOT_CALLABLE = re.compile(r"'(?P<kind>[\w.]+)' object is not callable")
_NO_NAME = re.compile(r"name '(?P<name>\w+)' is not defined")
_NO_COLOR = re.compile(r"Color (?P<name>.+) not found")
_COLOR_KIND = re.compile(r"ManimColor only accepts")
_HEX = re.compile(r"^(?:0x)?(?P<digits>[0-9a-fA-F]{6}|[0-9a-fA-F]{3})$")
_TEXT_FOR_MOBJECT = re.compile(
    r"is of type str|'str' object has no attribute|to be a Mobject|dtype\('<U|StrDType|"
    r"must be .*Mobject|There is no (?:Font|Style)|not supported for the input types|"
    r"'str' object is not callable|for [/*+-]: 'str'|should be either"
)
_WAYS = {
    "horizontal": "RIGHT", "vertical": "DOWN", "top": "UP", "bottom": "DOWN", "center": "ORIGIN",
    "above": "UP", "below": "DOWN", "top_left": "UL", "top_right": "UR", "bottom_left": "DL",
    "bottom_right": "DR", "upper_left": "UL", "upper_right": "UR", "lower_left": "DL",
    "lower_right": "DR", "x": "RIGHT", "y": "UP", "z": "OUT",
}  # fmt: skip
_OF_WAYS = re.compile(r"direction|axis|edge|side|corner|normal|vect|shift|about|align|dir$|way")
_OF_MEASURES = re.compile(
    r"radius|width|height|depth|buff|time|size|opacity|angle|length|factor|ratio|range|step|index"
)
_NOT_CALLED = re.compile(r"'(?:method|builtin_function_or_method|function)'|dtype\('O'\)|'O'")
_TEXTS = FORMULAS | {"Text", "MarkupText", "Paragraph"}
_COLOR_CALLS = frozenset({"interpolate_color", "color_gradient", "average_color", "invert_color"})
_SHADES = {
    "medium": "",
    "light": "_B",
    "pale": "_A",
    "dark": "_D",
    "deep": "_E",
    "bright": "",
    "hot": "",
}


def use_arrays(failing: Failing) -> Iterator[Repair]:
    """``[1, 2] * 0.5``, ``a - b`` and ``matrix @ point`` of lists are meant as arrays."""
    if not _LIST_ARITHMETIC.search(failing.failure.message):
        return
    message = "a list in arithmetic is an array"
    node, statement = failing.node, failing.statement
    if isinstance(statement, ast.AugAssign):
        operator = _read_operator(statement)
        target, value = failing.read(statement.target), failing.read(statement.value)
        text = f"{target} = np.array({target}) {operator} np.array({value})"
        yield failing.repair([(statement, text)], message)
        return
    if isinstance(node, ast.UnaryOp):
        yield failing.repair([(node.operand, f"np.array({failing.read(node.operand)})")], message)
    if not isinstance(node, ast.BinOp):
        return
    sides = [node.left, node.right]
    lists = [
        n for n in sides if failing.kind_of(n) in _LISTS or isinstance(n, ast.List | ast.Tuple)
    ]
    edits: list[Edit] = [(n, f"np.array({failing.read(n)})") for n in lists]
    if edits:
        yield failing.repair(edits, message)


def _read_operator(statement: ast.AugAssign) -> str:
    return ast.unparse(ast.BinOp(ast.Name("a"), statement.op, ast.Name("b"))).split()[1]


def call_method(failing: Failing) -> Iterator[Repair]:
    """``dot.get_center + UP`` lacks its parentheses."""
    if not _NOT_CALLED.search(failing.failure.message):
        return
    names = [
        n for n in ast.walk(failing.area) if isinstance(n, ast.Attribute) and _is_bare(failing, n)
    ]
    meant = [n for n in names if failing.kind_of(n) == "function"] or [
        n for n in names if n.attr.startswith(("get_", "copy"))
    ]
    meant = meant or list(_find_bound_methods(failing))
    edits: list[Edit] = [(n, f"{failing.read(n)}()") for n in meant]
    if edits:
        yield failing.repair(edits, f".{meant[0].attr} is called")


def _find_bound_methods(failing: Failing) -> Iterator[ast.Attribute]:
    """Yield ``s.get_right`` of ``r = s.get_right``, where r is what failed."""
    parts = [n for n in ast.walk(failing.area) if isinstance(n, ast.Name)]
    wanted = {n.id for n in parts if failing.kind_of(n) == "function"}
    for node in ast.walk(failing.tree):
        value = node.value if isinstance(node, ast.Assign) else None
        is_wanted = isinstance(node, ast.Assign) and wanted & set(map(failing.read, node.targets))
        if is_wanted and isinstance(value, ast.Attribute) and value.attr.startswith("get_"):
            yield value


def _is_bare(failing: Failing, node: ast.Attribute) -> bool:
    parent = failing.parents.get(node)
    return isinstance(node.ctx, ast.Load) and not (
        isinstance(parent, ast.Call) and parent.func is node
    )


def read_value(failing: Failing) -> Iterator[Repair]:
    """``axes.x_range()`` and ``points(0)`` call what is a value or a list."""
    found = _NOT_CALLABLE.search(failing.failure.message)
    call = failing.call
    if found is None or call is None or found["kind"] == "str" or call.keywords:
        return
    function = failing.read(call.func)
    if isinstance(call.func, ast.Attribute) and call.func.attr in failing.api.methods:
        return  # what was called is something within
    if not call.args:
        yield failing.repair([(call, function)], f"{function} is a value and is not called")
    elif len(call.args) == 1:
        text = f"{function}[{failing.read(call.args[0])}]"
        yield failing.repair([(call, text)], f"{function} is a list: [] takes a part of it")
        product = f"{function} * ({failing.read(call.args[0])})"
        yield failing.repair([(call, product)], f"{function}(…) is a product")


def name_color(failing: Failing) -> Iterator[Repair]:
    """A colour that manim does not know by this text, or that is no colour at all."""
    message = failing.failure.message
    found = _NO_COLOR.search(message)
    if found is not None:
        color = find_color(found["name"].strip("'\""), failing.api)
        texts = [n for n in ast.walk(failing.tree) if _is_text(n, found["name"].strip("'\""))]
        if texts:
            yield failing.repair([(n, color) for n in texts], f"{found['name']} is now {color}")
    is_of_texts = "'str' object has no attribute 'interpolate'" in message
    call = failing.call
    if is_of_texts or (call is not None and find_called(call) in _COLOR_CALLS):
        strings = [n for n in ast.walk(failing.area) if isinstance(n, ast.Constant)]
        edits: list[Edit] = [
            (n, find_color(n.value, failing.api)) for n in strings if isinstance(n.value, str)
        ]
        if edits:
            yield failing.repair(edits, "a colour's name is a colour")
    if _COLOR_KIND.search(message):
        yield from _drop_color(failing)


def name_palette(failing: Failing) -> Iterator[Repair]:
    """``Colors.red.value`` of a list of colours that nobody knows is ``RED``."""
    found = _NO_NAME.search(failing.failure.message)
    name = found["name"] if found else ""
    uses = [
        n
        for n in ast.walk(failing.tree)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == name
    ]
    if not uses or "color" not in name.lower().replace("colour", "color"):
        return
    edits: list[Edit] = []
    for use in uses:
        parent = failing.parents.get(use)
        is_valued = isinstance(parent, ast.Attribute) and parent.attr == "value"
        whole = parent if isinstance(parent, ast.Attribute) and is_valued else use
        edits.append((whole, find_color(use.attr, failing.api)))
    yield failing.repair(edits, f"{failing.read(uses[0])} is now {edits[0][1]}")


def _is_text(node: ast.AST, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text


def find_color(name: str, api: Api) -> str:
    """Return manim's colour that a text names: by hexadecimal digits, word, or the nearest."""
    digits = _HEX.match(name.strip().removeprefix("#"))
    if digits:
        return f'ManimColor("#{digits["digits"]}")'
    words = _split_words(name)
    joined = "_".join(words).upper()
    if joined in api.names:
        return joined
    last = words[-1].upper() if words else ""
    shade = _SHADES.get(words[0], "") if len(words) > 1 else ""
    if f"{last}{shade}" in api.names:
        return f"{last}{shade}"
    meant = translate_name(joined, api) or translate_name(last, api)
    nearest = api.suggest_name(joined)
    is_color = nearest is not None and f"{nearest.name}_A" in api.names
    return meant or (nearest.name if nearest and is_color else "WHITE")


def _split_words(name: str) -> list[str]:
    """Return the words of a colour's name: ``lightblue2`` is light and blue."""
    words = re.findall(r"[a-z]+", name.lower())
    shade = next((s for s in _SHADES if len(words) == 1 and words[0].startswith(s)), "")
    rest = words[0].removeprefix(shade) if shade else ""
    return [shade, rest] if rest else words


def color_by_keyword(failing: Failing) -> Iterator[Repair]:
    """``Circle(RED)`` gives its colour in the place of a size."""
    call = failing.call
    if call is None or not failing.api.is_class(find_called(call)):
        return
    colors = [a for a in call.args if failing.kind_of(a) == "color"]
    if len(colors) == 1 and "color" not in {k.arg for k in call.keywords}:
        inner = call_without(failing, call, colors)[:-1]
        text = f"{inner}{'' if inner.endswith('(') else ', '}color={failing.read(colors[0])})"
        yield failing.repair([(call, text)], f"{find_called(call)} takes color= by its name")


def _drop_color(failing: Failing) -> Iterator[Repair]:
    area = failing.statement or failing.area
    keywords = [k for n in ast.walk(area) if isinstance(n, ast.Call) for k in n.keywords]
    colors = [k for k in keywords if k.arg and "color" in k.arg]
    edits: list[Edit] = [(k.value, "WHITE") for k in colors]
    if edits:
        yield failing.repair(edits, "what is no colour is white")


def name_text(failing: Failing) -> Iterator[Repair]:
    """``direction="UP"``, ``weight="bold"`` and ``rate_func="linear"`` are manim's names."""
    if not _TEXT_FOR_MOBJECT.search(failing.failure.message):
        return
    area = failing.statement or failing.area
    texts = [n for n in ast.walk(area) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    edits: list[Edit] = []
    for node in texts:
        name = _find_name(node.value, failing.api)
        is_way = name not in DIRECTIONS or _takes_way(area, node)
        if name and is_way and not _is_words(failing, node):
            edits.append((node, name))
    if edits:
        yield failing.repair(edits, f"{failing.read(edits[0][0])} is now {edits[0][1]}")


def _takes_way(area: ast.AST, node: ast.Constant) -> bool:
    """Whether a direction fits where a text stands: ``radius="x"`` is none, ``axis="x"`` is."""
    keywords = [k for k in ast.walk(area) if isinstance(k, ast.keyword) and k.value is node]
    if keywords:
        return bool(_OF_WAYS.search(keywords[0].arg or ""))
    return len(str(node.value)) > 1


def _find_name(text: object, api: Api) -> str:
    name = str(text).strip()
    way = _WAYS.get(name.lower().replace(" ", "_").replace("-", "_"))
    if way or not name.isidentifier():
        return way or ""
    if name.upper() in api.names and len(name) > 1:
        return name.upper()
    if name in api.names and api.find_function(name) is not None:
        return name
    if name.capitalize() in api.names and api.kind_of(name.capitalize()) == "Mobject":
        return name.capitalize()
    return f"rate_functions.{name}" if name.startswith("ease_") else ""


def _is_words(failing: Failing, node: ast.AST) -> bool:
    """Whether a text is shown as words."""
    parent = failing.parents.get(node)
    return isinstance(parent, ast.Call) and find_called(parent) in _TEXTS and node in parent.args


def show_text(failing: Failing) -> Iterator[Repair]:
    """A text where a mobject is wanted is shown as Text; numbers in a table are texts."""
    call = failing.call
    if call is None or find_called(call) in _TEXTS:
        return
    message = failing.failure.message
    if "expected str instance" in message or "'int' object" in message or "'float' ob" in message:
        yield from _write_table(failing, call)
    if not _TEXT_FOR_MOBJECT.search(message):
        return
    named = [k.value for k in call.keywords if not _OF_MEASURES.search(k.arg or "")]
    given = [*call.args, *named]
    edits: list[Edit] = [(a, f"Text({failing.read(a)})") for a in given if _is_shown(failing, a)]
    for keyword in call.keywords:
        if keyword.arg and keyword.arg.endswith(("labels", "entries")):
            text = f"[Text(str(word)) for word in {failing.read(keyword.value)}]"
            edits.append((keyword.value, text))
    if edits:
        yield failing.repair(edits, "a text among mobjects is shown as Text")


def _is_shown(failing: Failing, node: ast.expr) -> bool:
    return failing.kind_of(node) == "text"


def _write_table(failing: Failing, call: ast.Call) -> Iterator[Repair]:
    if call.args and "Table" in find_called(call):
        rows = failing.read(call.args[0])
        text = f"[[str(value) for value in row] for row in {rows}]"
        yield failing.repair([(call.args[0], text)], "the numbers of a table are texts")


def part_of_formula(failing: Failing) -> Iterator[Repair]:
    """``formula.get_part_by_tex("x")`` that finds nothing means the whole formula."""
    message = failing.failure.message
    if "NoneType" not in message and "to be a Mobject" not in message:
        return
    edits: list[Edit] = []
    for node in ast.walk(failing.statement or failing.area):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node, ast.Call) and is_call and find_called(node).startswith("get_part_by"):
            arguments = ", ".join(failing.read(a) for a in node.args)
            assert isinstance(node.func, ast.Attribute)  # noqa: S101 - is_call says so
            edits.append((node, f"part_or_whole({failing.read(node.func.value)}, {arguments})"))
    if edits:
        repaired = failing.repair(edits, "a part that is not there is the whole formula")
        yield Repair(inline_stand_ins(repaired.source, failing.api.names), repaired.message)


def use_center(failing: Failing) -> Iterator[Repair]:
    """``dot + UP`` and ``dot[0] - 1`` mean the centre of the dot."""
    message, node = failing.failure.message, failing.node
    edits: list[Edit] = []
    if _ARITHMETIC.search(message) and isinstance(node, ast.BinOp):
        sides = [n for n in (node.left, node.right) if failing.kind_of(n) == "mobject"]
        edits = [(n, _read_center(failing, n)) for n in sides]
    is_subscript = "index out of range" in message or "not subscriptable" in message
    if is_subscript and isinstance(node, ast.Subscript) and _is_of_arithmetic(failing, node):
        owner = [node.value] if failing.kind_of(node.value) == "mobject" else []
        edits = [(n, f"{failing.read(n)}.get_center()") for n in owner]
    if edits:
        yield failing.repair(edits, "a thing in arithmetic is its centre")


def _read_center(failing: Failing, node: ast.expr) -> str:
    """Return the centre of a thing; ``dot[0]`` beside a number is the first coordinate of it."""
    others = {failing.kind_of(n) for n in ast.walk(failing.area) if n is not node}
    if isinstance(node, ast.Subscript) and "number" in others:
        return f"{failing.read(node.value)}.get_center()[{failing.read(node.slice)}]"
    return f"{failing.read(node)}.get_center()"


def _is_of_arithmetic(failing: Failing, node: ast.expr) -> bool:
    return isinstance(failing.parents.get(node), ast.BinOp | ast.UnaryOp | ast.Call | ast.List)
