r"""Formulas as people type them, read by a grammar into a tree and never by ``eval``.

    x^2 - 2x    sin(x)/x    e^{-x^2}    \frac{1}{1+x^2}    √x    3x²    ln(1+x)    10 y^2    2π/3

Source of the method: recursive descent, with the usual precedence (sum, product, sign, power).
Positions are those of the text as it was typed.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_FUNCTIONS = {
    "sin": "np.sin", "cos": "np.cos", "tan": "np.tan", "sinh": "np.sinh", "cosh": "np.cosh",
    "tanh": "np.tanh", "exp": "np.exp", "ln": "np.log", "log": "np.log", "sqrt": "np.sqrt",
    "abs": "np.abs", "arctan": "np.arctan", "atan": "np.arctan", "arcsin": "np.arcsin",
    "asin": "np.arcsin", "arccos": "np.arccos", "acos": "np.arccos", "cbrt": "np.cbrt",
}  # fmt: skip
_SHOWN = {
    "log": "ln",
    "sqrt": "√",
    "cbrt": "∛",
    "atan": "arctan",
    "asin": "arcsin",
    "acos": "arccos",
}
_COMPUTE: dict[str, Callable[[float], float]] = {
    "np.sin": math.sin, "np.cos": math.cos, "np.tan": math.tan, "np.sinh": math.sinh,
    "np.cosh": math.cosh, "np.tanh": math.tanh, "np.exp": math.exp, "np.log": math.log,
    "np.sqrt": math.sqrt, "np.abs": abs, "np.arctan": math.atan, "np.arcsin": math.asin,
    "np.arccos": math.acos, "np.cbrt": lambda x: math.copysign(abs(x) ** (1 / 3), x),
}  # fmt: skip
_CONSTANTS = {"pi": ("np.pi", "π", math.pi), "e": ("np.e", "e", math.e)}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SAME_SIGN = {
    "−": "-", "–": "-", "·": "*", "times": "*",
    "×": "*", "∙": "*", "**": "^", r"\cdot": "*", r"\times": "*",
    "÷": "/", "{": "(", "}": ")",
}  # fmt: skip
_NAMES = "|".join(sorted(_FUNCTIONS, key=len, reverse=True))
_TOKEN = re.compile(
    r"(?:\s|\\left|\\right|\\[,;!])*"
    r"(?:(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+(?![\w.]))?|\.[0-9]+)"
    rf"|\\?(?P<function>{_NAMES})(?![a-zA-Z])"
    r"|(?P<root>√|\\sqrt)"
    r"|(?P<fraction>\\[dt]?frac)"
    r"|(?P<constant>\\?pi(?![a-zA-Z])|π|e(?![a-zA-Z]|['’]))"
    rf"|(?P<variable>\\?theta(?![a-zA-Z])|θ|[xytuv](?=[xy]?(?:{_NAMES}|e)?(?![a-zA-Z']))|[xyt](?=π))"
    r"|(?P<raised>[⁻⁺]?(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|ˣ))"
    r"|(?P<sign>\*\*|times(?=\s)|\\cdot|\\times|[-−–+*·×∙÷/^(){}|]))",
    re.IGNORECASE,
)
_POWER = re.compile(r"\s*(?:\^|\*\*|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ˣ])")
_DEEPEST = 40
_LARGEST_POWER = 64.0
_LARGEST = 1e15
_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_PREFIX, _ATOM = 3, 5


class NotMathematicsError(Exception):
    """What comes next is no part of a formula."""


@dataclass(frozen=True)
class Node:
    """One operation of a formula with its operands, or one of its leaves.

    ``kind`` is number, constant, variable, call, negative, group, bars or one of + - * / ^.
    ``name`` is the number's text, or the name of a constant, variable or function.
    """

    kind: str
    name: str = ""
    operands: tuple[Node, ...] = ()


def list_variables(node: Node) -> tuple[str, ...]:
    """Return the variables of a formula, each once, in alphabetical order."""
    own = {node.name} if node.kind == "variable" else set()
    return tuple(sorted(own.union(*(list_variables(part) for part in node.operands))))


def evaluate(node: Node, variables: Mapping[str, float] | None = None) -> float:
    """Return the formula's value.

    Raises
    ------
    NotMathematicsError
        It is not defined there, or its powers are larger than this is for.
    """
    try:
        value = _compute(node, variables or {})
        if not -_LARGEST <= value <= _LARGEST:
            raise ValueError(value)
    except (ArithmeticError, ValueError, KeyError, TypeError) as exc:
        raise NotMathematicsError from exc
    return value


def _compute(node: Node, variables: Mapping[str, float]) -> float:
    if node.kind == "number":
        return float(node.name)
    if node.kind == "constant":
        return _CONSTANTS[node.name][2]
    if node.kind == "variable":
        return variables[node.name]
    values = [_compute(part, variables) for part in node.operands]
    if node.kind == "call":
        return float(_COMPUTE[_FUNCTIONS[node.name]](values[0]))
    return _combine(node.kind, values)


def _combine(kind: str, values: list[float]) -> float:
    first, last = values[0], values[-1]
    if kind in {"group", "bars", "negative"}:
        return {"group": first, "bars": abs(first), "negative": -first}[kind]
    if kind == "^":
        if abs(last) > _LARGEST_POWER:
            raise ValueError(last)
        return float(first**last)
    if kind == "/":
        return first / last
    return {"+": first + last, "-": first - last, "*": first * last}[kind]


# --- code and label -------------------------------------------------------------------


def write_code(node: Node) -> str:
    """Return Python for a formula; it needs numpy as ``np``."""
    return _write_code(node)[0]


def _write_code(node: Node) -> tuple[str, int]:
    """Return the code and how tightly it binds."""
    if node.kind in {"number", "variable", "constant"}:
        return _CONSTANTS[node.name][0] if node.kind == "constant" else node.name, _ATOM
    codes = [_write_code(part) for part in node.operands]
    if node.kind == "^":
        return _write_power(node, codes)
    if node.kind in _PRECEDENCE:
        level = _PRECEDENCE[node.kind]
        right = _wrap(codes[1], level + (node.kind in "-/"))
        return f"{_wrap(codes[0], level)} {node.kind} {right}", level
    if node.kind == "negative":
        return f"-{_wrap(codes[0], _PREFIX)}", _PREFIX
    name = {"group": "", "bars": "np.abs"}.get(node.kind) or _FUNCTIONS.get(node.name)
    return (f"{name}({codes[0][0]})", _ATOM) if name else codes[0]


def _write_power(node: Node, codes: list[tuple[str, int]]) -> tuple[str, int]:
    base, power = node.operands
    if base == Node("constant", "e"):
        return f"np.exp({codes[1][0]})", _ATOM
    plain = _strip(power)
    # numpy refuses whole numbers to negative whole powers
    if plain.kind == "negative" and plain.operands[0].kind == "number":
        return f"{_wrap(codes[0], _ATOM)}**({-float(plain.operands[0].name)})", 4
    shown = codes[1][0] if plain.kind == "number" else f"({codes[1][0]})"
    return f"{_wrap(codes[0], _ATOM)}**{shown}", 4


def _wrap(code: tuple[str, int], level: int) -> str:
    return code[0] if code[1] >= level else f"({code[0]})"


def _strip(node: Node) -> Node:
    return _strip(node.operands[0]) if node.kind == "group" else node


def write_text(node: Node) -> str:
    """Return a formula as a label shows it: x² − 3x + 2."""
    if node.kind in {"number", "variable"}:
        return "θ" if node.name == "theta" else node.name
    if node.kind == "constant":
        return _CONSTANTS[node.name][1]
    parts = [write_text(part) for part in node.operands]
    if node.kind == "call":
        shown = _SHOWN.get(node.name, node.name)
        space = "" if parts[0].startswith("(") or shown in "√∛" else " "
        return f"{shown}{space}{parts[0]}"
    if node.kind in {"group", "bars", "negative"}:
        around = {"group": "()", "bars": "||", "negative": "−"}[node.kind]
        return f"{around[0]}{parts[0]}{around[1:]}"
    if node.kind == "^":
        return _write_raised(node, parts)
    sign = {"+": " + ", "-": " − ", "*": "", "/": "/"}[node.kind]
    if node.kind == "*" and parts[1][0].isdigit():
        sign = "·"
    return f"{parts[0]}{sign}{parts[1]}"


def _write_raised(node: Node, parts: list[str]) -> str:
    digits = parts[1].strip("()").replace("−", "-")
    is_whole = re.fullmatch(r"-?\d+", digits) is not None
    raised = digits.translate(_RAISED) if is_whole else f"^{parts[1]}"
    base = node.operands[0]
    if base.kind == "call":  # sin²(x)
        name = _SHOWN.get(base.name, base.name)
        return write_text(base).replace(name, name + raised, 1)
    return parts[0] + raised


# --- parsing --------------------------------------------------------------------------


def parse_formula(text: str, start: int = 0) -> tuple[Node, int]:
    """Read as much of a text from ``start`` as is a formula; return it and where it ends.

    Raises
    ------
    NotMathematicsError
        None begins there.
    """
    parser = _Parser(text, start)
    node = parser.parse_sum(0)
    return node, parser.position


def parse_product(text: str, start: int = 0) -> tuple[Node, int]:
    """Read one product, such as a constant '2π/3', and return it and where it ends.

    Raises
    ------
    NotMathematicsError
        None begins there.
    """
    parser = _Parser(text, start)
    node = parser.parse_product(0)
    return node, parser.position


class _Parser:
    """Reads as much of a text as is a formula; ``position`` is behind what was read."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position

    def _peek(self) -> tuple[str, str, int]:
        match = _TOKEN.match(self.text, self.position)
        if match is None or match.lastgroup is None:
            return "", "", self.position
        word = match[match.lastgroup]
        return match.lastgroup, _SAME_SIGN.get(word, word).lower(), match.end()

    def _take(self, *signs: str) -> str:
        kind, word, end = self._peek()
        if kind == "sign" and word in signs:
            self.position = end
            return word
        return ""

    def parse_sum(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise NotMathematicsError
        node = self.parse_product(depth)
        while True:
            before = self.position
            sign = self._take("+", "-")
            if not sign:
                return node
            try:
                node = Node(sign, operands=(node, self.parse_product(depth)))
            except NotMathematicsError:
                self.position = before  # a dash of the sentence, not a minus
                return node

    def parse_product(self, depth: int) -> Node:
        node = self._parse_signed(depth)
        while True:
            before = self.position
            sign = self._take("*", "/")
            if not sign and not self._is_implicit_product(node):
                return node
            try:
                node = Node(sign or "*", operands=(node, self._parse_signed(depth)))
            except NotMathematicsError:
                self.position = before
                return node

    def _is_implicit_product(self, left: Node) -> bool:
        """Return whether a factor follows: after a space, only where it is no word by itself."""
        kind, word, end = self._peek()
        is_factor = kind in {"variable", "function", "constant", "root", "fraction"} or word == "("
        if not is_factor or not self.text[self.position : self.position + 1].isspace():
            return is_factor
        if kind == "constant" and word == "e":  # by itself it is a word in some languages
            return _POWER.match(self.text, end) is not None
        last = left.operands[-1] if left.kind == "*" else left  # '100 pi x'
        return kind != "variable" or last.kind in {"number", "constant"}

    def _parse_signed(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise NotMathematicsError
        if self._take("-"):
            return Node("negative", operands=(self._parse_signed(depth + 1),))
        self._take("+")
        return self._parse_power(depth)

    def _parse_power(self, depth: int) -> Node:
        node = self._parse_atom(depth)
        power = self._parse_exponent(depth)
        return Node("^", operands=(node, power)) if power else node

    def _parse_exponent(self, depth: int) -> Node | None:
        kind, word, end = self._peek()
        if kind == "raised":
            self.position = end
            digits = word.translate(_SUPERSCRIPTS)
            plain = digits.lstrip("+-")
            number = Node("variable", "x") if plain == "ˣ" else Node("number", plain)
            return Node("negative", operands=(number,)) if digits[0] == "-" else number
        if self._take("^"):
            return self._parse_signed(depth + 1)
        return None

    def _parse_atom(self, depth: int) -> Node:
        kind, word, end = self._peek()
        self.position = end
        if kind in {"number", "variable", "constant"}:
            name = word.lstrip("\\")
            return Node(kind, {"π": "pi", "θ": "theta"}.get(name, name))
        if kind == "function":
            return self._parse_call(word, depth)
        if kind == "root":
            return Node("call", "sqrt", (self._parse_power(depth + 1),))
        if kind == "fraction":
            over, under = self._parse_atom(depth + 1), self._parse_atom(depth + 1)
            return Node("group", operands=(Node("/", operands=(over, under)),))
        if word in {"(", "|"}:
            node = self.parse_sum(depth + 1)
            if not self._take(")" if word == "(" else "|"):
                raise NotMathematicsError
            return Node("group" if word == "(" else "bars", operands=(node,))
        raise NotMathematicsError

    def _parse_call(self, name: str, depth: int) -> Node:
        power = self._parse_exponent(depth)
        argument = self._parse_argument(depth)
        call = Node("call", name, (argument,))
        return Node("^", operands=(call, power)) if power else call

    def _parse_argument(self, depth: int) -> Node:
        """Return what a function is taken of: a bracket, or a product without one (sin 2x)."""
        if self._peek()[1] in {"(", "|"}:
            return self._parse_atom(depth + 1)
        node = self._parse_power(depth + 1)
        while self._peek()[0] in {"variable", "constant"} and self._is_implicit_product(node):
            node = Node("*", operands=(node, self._parse_power(depth + 1)))
        return node
