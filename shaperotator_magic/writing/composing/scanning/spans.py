r"""What a sentence quotes or writes in signs: texts, points, lists, formulas. Pure.

'Hello'   (2, 1)   [3, 5, 2]   y = x^2 - 4   (cos t, sin 2t)   r = 1 + cos θ   #ff8800   3x4

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shaperotator_magic.writing.composing.plan import Equation
from shaperotator_magic.writing.composing.scanning.spoken import find_spoken, write_signs
from shaperotator_magic.writing.reading.formulas import (
    Node,
    NotMathematicsError,
    evaluate,
    list_variables,
    parse_formula,
    write_code,
    write_text,
)

_QUOTED = re.compile(
    r"(?<!\w)(?:\"(?P<a>[^\"]{1,200})\"|“(?P<b>[^”]{1,200})”|‘(?P<c>[^’]{1,200})’"
    r"|'(?P<d>[^'\n]{1,200}?(?:'[a-z]{1,2}\b[^'\n]{0,150}?)?)'(?!\w)|\$(?P<e>[^$]{1,200})\$)"
)
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
_SIGNED = r"[-−+]?\s*\d+(?:\.\d+)?"
_TUPLE = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)|⟨([^⟩]*)⟩|<([^<>]*)>")
_BRACKET = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_LIST = re.compile(
    rf"(?<![\w.]){_SIGNED}(?:\s*(?:,\s*and|,|;|\band\b)\s*{_SIGNED}(?![\w.]|\s*(?:x|\*|/|\^)))+"
    rf"|(?<![\w.]){_SIGNED}(?:\s+{_SIGNED}(?![\w.]))+"
)
_SIZE = re.compile(
    r"(?<![\w.])(\d{1,2})\s*(?:[x×]|by)\s*(\d{1,2})(?:\s*(?:[x×]|by)\s*(\d{1,2}))?(?!\w)"
)
_NUMBER = re.compile(rf"(?<![\w.]){_SIGNED}")
_LEFT = re.compile(
    r"\b(?P<name>[a-hj-zA-Z])\s*(?:\(\s*(?P<of>[a-zA-Zθ](?:\s*,\s*[a-zA-Z])?|theta)\s*\))?\s*=\s*"
)
_NAMED_FUNCTION = re.compile(r"\b[fgh]\s*\(\s*x\s*\)(?!\s*=)")
_BOUNDS = re.compile(
    r"(?<![\w.])([-−]?\s*[\d.]*(?:pi|π)?)\s*(?:<=|<|≤)\s*[xt]\s*(?:<=|<|≤)\s*([-−]?\s*[\d.]*(?:pi|π)?)"
)
_EQUALS = re.compile(r"\s*=\s*")
_CONDITION = re.compile(r"\b(?:at|when|where|if|for|near|from|as|with|around)\s*$", re.IGNORECASE)
_SPACED_POWER = re.compile(r"(?<=[xyt\d)]) (?=e\s*\^)")  # x e^x is a product
_CONNECTED = re.compile(r"\s*(?:,\s*and|,|;|and)\s*")
_MOST_COORDINATES = 3


@dataclass(frozen=True)
class Span:
    """A value at ``start`` to ``end`` of a sentence."""

    kind: str
    value: object
    start: int
    end: int


def find_spans(text: str) -> list[Span]:
    """Return the values that stand in signs, in order; none shares letters with another."""
    text = write_signs(_SPACED_POWER.sub("*", text))
    found: list[Span] = []
    for find in (_find_bounds, _find_quotes, _find_colours, _find_sizes, _find_tuples,
                 _find_spoken, _find_formulas, _find_brackets, _find_lists):  # fmt: skip
        free = [
            span
            for span in find(text)
            if not any(span.start < other.end and other.start < span.end for other in found)
        ]
        for span in free:
            if not any(span.start < o.end and o.start < span.end for o in found):
                found.append(span)
    return sorted(found, key=lambda span: span.start)


def _find_quotes(text: str) -> Iterator[Span]:
    for match in _QUOTED.finditer(text):
        kind = "formula" if match["e"] else "quote"
        words = next(group for group in match.groups() if group)
        yield Span(kind, words, match.start(), match.end())


def _find_bounds(text: str) -> Iterator[Span]:
    for match in _BOUNDS.finditer(text):
        low, high = read_number(match[1]), read_number(match[2])
        if low is not None and high is not None:
            yield Span("list", (low, high), match.start(), match.end())


def _find_colours(text: str) -> Iterator[Span]:
    for match in _HEX.finditer(text):
        digits = match[0][1:]
        full = digits if len(digits) == 6 else "".join(2 * d for d in digits)  # noqa: PLR2004
        yield Span("colour", f"#{full.upper()}", match.start(), match.end())


def _find_sizes(text: str) -> Iterator[Span]:
    for match in _SIZE.finditer(text):
        yield Span("size", tuple(int(n) for n in match.groups() if n), match.start(), match.end())


def read_number(text: str) -> float | None:
    """Return the number that a text is, pi and fractions included."""
    try:
        node, end = parse_formula(text, 0)
        return evaluate(node) if not text[end:].strip() else None
    except NotMathematicsError:
        return None


def _find_tuples(text: str) -> Iterator[Span]:
    for match in _TUPLE.finditer(text):
        inner = next((group for group in match.groups() if group is not None), "")
        parts = _split(inner)
        if not 2 <= len(parts) <= _MOST_COORDINATES:  # noqa: PLR2004 - a pair
            continue
        numbers = [read_number(part) for part in parts]
        if all(number is not None for number in numbers):
            yield Span("point", tuple(numbers), match.start(), match.end())
            continue
        if match.start() and text[match.start() - 1].isalpha():
            continue
        curve = _build_curve(parts)
        if curve is not None:
            yield Span("equation", curve, match.start(), match.end())


def _build_curve(parts: list[str]) -> Equation | None:
    nodes = [_parse_whole(part) for part in parts]
    if any(node is None for node in nodes):
        return None
    present = [node for node in nodes if node is not None]
    variables = {name for node in present for name in list_variables(node)}
    if len(variables) != 1 or variables & {"x", "y"}:
        return None
    codes = tuple(_rename(write_code(node), variables.copy().pop(), "t") for node in present)
    shown = ", ".join(write_text(node) for node in present)
    kind = "parametric" if len(parts) == 2 else "space curve"  # noqa: PLR2004 - in the plane
    return Equation(kind, codes, f"({shown})")


def _parse_whole(text: str) -> Node | None:
    try:
        node, end = parse_formula(text, 0)
    except NotMathematicsError:
        return None
    return node if not text[end:].strip() else None


def _split(inner: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth = [""], 0
    for letter in inner:
        depth += (letter in "([") - (letter in ")]")
        if letter in ",;" and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


# --- formulas -------------------------------------------------------------------------


def _find_spoken(text: str) -> Iterator[Span]:
    for start, end, name, node in find_spoken(text):
        equation = _name_equation(name, "", node)
        if equation is not None:
            yield Span("equation", equation, start, end)


def _find_formulas(text: str) -> Iterator[Span]:
    position = 0
    for match in re.finditer(r"(?<![A-Za-z0-9_.])[-−+(|.\d\\√A-Za-zθ]", text):
        if match.start() < position:
            continue
        span = _read_curve(text, match.start()) or _read_formula(text, match.start())
        if span is not None:
            position = span.end
            yield span


def _read_curve(text: str, start: int) -> Span | None:
    """Read 'x = cos t, y = sin t'."""
    parts: list[tuple[str, Node]] = []
    position = start
    while len(parts) < _MOST_COORDINATES:
        left = _LEFT.match(text, position)
        if left is None or left["name"].lower() != "xyz"[len(parts)]:
            break
        try:
            node, end = parse_formula(text, left.end())
        except NotMathematicsError:
            break
        parts.append((left["name"], node))
        joined = _CONNECTED.match(text, end)
        position, stop = (joined.end() if joined else end), end
        if joined is None:
            break
    if len(parts) < 2:  # noqa: PLR2004 - a pair
        return None
    variables = {name for _, node in parts for name in list_variables(node)}
    if len(variables) != 1 or variables & {"x", "y"}:
        return None
    variable = variables.pop()
    kind = "parametric" if len(parts) == 2 else "space curve"  # noqa: PLR2004 - as above
    shown = ", ".join(write_text(node) for _, node in parts)
    codes = tuple(_rename(write_code(node), variable, "t") for _, node in parts)
    return Span("equation", Equation(kind, codes, f"({shown})", start, stop), start, stop)


def _read_formula(text: str, start: int) -> Span | None:
    left = _LEFT.match(text, start)
    name = left["name"].lower() if left else ""
    if left and (name in "yfghzr" or left["of"]):
        try:
            node, end = parse_formula(text, left.end())
        except NotMathematicsError:
            return None
        equation = _name_equation(name, left["of"] or "", node)
        return Span("equation", equation, start, end) if equation else None
    named = _NAMED_FUNCTION.match(text, start)
    if named:
        return None
    return _read_bare(text, start)


def _name_equation(name: str, of: str, node: Node) -> Equation | None:
    variables = list_variables(node)
    code, shown = write_code(node), write_text(node)
    if name == "r":
        variable = variables[0] if variables else "t"
        return Equation("polar", (_rename(code, variable, "t"),), f"r = {shown}")
    is_of_two = name == "z" or "," in of or set(variables) == {"x", "y"}
    if is_of_two and set(variables) <= {"x", "y"}:
        return Equation("surface", (code,), f"z = {shown}")
    if len(variables) > 1 or (variables == ("y",) and name == "y"):
        return None
    variable = variables[0] if variables else "x"
    label = f"{name} = {shown}" if name == "y" else f"{name}({of or 'x'}) = {shown}"
    return Equation("graph", (_rename(code, variable, "x"),), label)


def _read_bare(text: str, start: int) -> Span | None:
    try:
        node, end = parse_formula(text, start)
    except NotMathematicsError:
        return None
    variables = list_variables(node)
    if not variables or (node.kind == "variable" and _CONDITION.search(text[:start])):
        return None
    equals = _EQUALS.match(text, end)
    if equals:
        return _read_implicit(text, start, node, equals.end())
    if node.kind == "variable" and not _is_function(text, start, end):
        return None
    equation = _name_equation("y" if len(variables) == 1 else "z", "", node)
    return Span("equation", equation, start, end) if equation is not None else None


def _read_implicit(text: str, start: int, left: Node, at: int) -> Span | None:
    """Read the right side of 'x^2 + y^2 = 4'."""
    try:
        right, end = parse_formula(text, at)
    except NotMathematicsError:
        return None
    if not set(list_variables(left)) | set(list_variables(right)) <= {"x", "y"}:
        return None
    code = f"{write_code(left)} - ({write_code(right)})"
    shown = f"{write_text(left)} = {write_text(right)}"
    return Span("equation", Equation("implicit", (code,), shown), start, end)


def _is_function(text: str, start: int, end: int) -> bool:
    """Whether a lone x is the function: 'plot x^3 and x', not 'the x axis'."""
    is_listed = re.search(r"(?:\band|,|\bplot|\bgraph|\bof|=)\s*$", text[:start]) is not None
    is_named = re.match(r"[-\w']|\s*=|\s+(?:axis|coordinate|intercept|value|direction)", text[end:])
    return text[start] == "x" and is_listed and not is_named


def _rename(code: str, variable: str, wanted: str) -> str:
    return re.sub(rf"(?<![\w.]){variable}(?!\w)", wanted, code)


# --- lists ----------------------------------------------------------------------------


def _find_brackets(text: str) -> Iterator[Span]:
    for match in _BRACKET.finditer(text):
        rows = re.findall(r"\[([^\[\]]*)\]", match[1])
        if rows:
            yield Span("rows", tuple(tuple(_split(r)) for r in rows), match.start(), match.end())
            continue
        parts = [part for part in re.split(r"[,;\s]+", match[1].strip()) if part]
        numbers = [read_number(part) for part in parts]
        if parts and all(number is not None for number in numbers):
            yield Span("list", tuple(numbers), match.start(), match.end())


def _find_lists(text: str) -> Iterator[Span]:
    for match in _LIST.finditer(text):
        signed = (number.replace("−", "-").replace(" ", "") for number in _NUMBER.findall(match[0]))
        yield Span("list", tuple(float(number) for number in signed), match.start(), match.end())
