"""How large the constants of a module become when it is executed, bounded from its source.

Interval reasoning over the abstract syntax: every expression has a bound on its length (elements
of a sequence, characters of a text) and on the size of its numbers. Names that the module binds
have bounds, too, so a list that is repeated in ten lines is followed through all ten.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass

MOST_ELEMENTS = 1_000_000
LARGEST_NUMBER = 1e300
_WIDTH = re.compile(r"\d{1,18}")
_SHAPED = frozenset({"zeros", "ones", "full"})
_SQUARE = frozenset({"eye", "identity", "diag"})
_GRAPHS = frozenset({"nx", "networkx"})
_GROWING = frozenset({"factorial", "exp", "log"})
_COUNTED = frozenset({"linspace", "arange", "range"})
_COPIED = frozenset({"list", "tuple", "dict", "set", "frozenset", "array", "str", "color_gradient"})


@dataclass(frozen=True)
class Bound:
    """An upper bound: ``length`` in elements, ``number`` for the largest absolute value in it."""

    length: float = 1.0
    number: float = math.inf
    is_number: bool = False

    @property
    def is_huge(self) -> bool:
        """Whether building it may take memory or time that a definition should not."""
        return self.length > MOST_ELEMENTS or (self.is_number and self.number > LARGEST_NUMBER)


# What comes from manim or numpy: a vector, a color, a factor such as DEGREES, a font name.
_FOREIGN = Bound(length=100, number=1000)


class SizeBounds:
    """Bounds of the names that a module has bound so far."""

    def __init__(self) -> None:
        self._known: dict[str, Bound] = {}

    def bind(self, name: str, bound: Bound) -> None:
        """Remember what a name is bound to."""
        self._known[name] = bound

    def bound(self, node: ast.AST) -> Bound:
        """Return the bound of an expression."""
        if isinstance(node, ast.Constant):
            return _bound_constant(node.value)
        if isinstance(node, ast.Name):
            return self._known.get(node.id, _FOREIGN)
        if isinstance(node, ast.Attribute | ast.Lambda | ast.Compare):
            return _FOREIGN
        return self._bound_parts(node)

    def _bound_parts(self, node: ast.AST) -> Bound:
        if isinstance(node, ast.UnaryOp):
            return self.bound(node.operand)
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            return Bound(self.bound(node.value).length + _read_widths(node.format_spec), 1.0)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return Bound(self.bound(node.left).length + _read_widths(node.left))
        if isinstance(node, ast.BinOp):
            return _combine(node.op, self.bound(node.left), self.bound(node.right))
        if isinstance(node, ast.Call):
            return self._bound_call(node)
        return _join([self.bound(part) for part in _parts(node)])

    def _bound_call(self, node: ast.Call) -> Bound:
        owner, _, name = ast.unparse(node.func).rpartition(".")
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        arguments = [self.bound(value) for value in values]
        numbers = [argument.number for argument in arguments]
        if owner in _GRAPHS or name in _SQUARE:
            return _bound_square(name, arguments)
        if name in _SHAPED:
            # A shape is a number, or a tuple of them.
            length = math.prod(max(1.0, a.number) ** a.length for a in arguments[:2])
            return Bound(length, 1.0)
        if name in _COUNTED:
            steps = [1 / number for number in numbers if 0 < number < 1]
            return Bound(math.prod([max([1.0, *numbers]), *steps]), max(numbers, default=1.0))
        if name in _COPIED:
            return Bound(sum(a.length for a in arguments), max(numbers, default=1.0))
        if name in _GROWING:
            return _bound_growing(name, arguments)
        is_number = all(argument.is_number for argument in arguments)
        return Bound(_longest(arguments), max(numbers, default=1.0), is_number)


def _bound_constant(value: object) -> Bound:
    if isinstance(value, int | float | complex):
        return Bound(1.0, _as_float(abs(value)), is_number=True)
    return Bound(float(len(value)) if isinstance(value, str | bytes) else 1.0, 1.0)


def _as_float(number: float) -> float:
    # In floats throughout: a bound that is itself a number of a million digits would hang here.
    try:
        return float(number)
    except OverflowError:
        return math.inf


def _combine(operator: ast.operator, left: Bound, right: Bound) -> Bound:
    is_number = left.is_number and right.is_number
    if isinstance(operator, ast.Mult):
        number = left.number * right.number if left.number and right.number else 0.0
        if is_number:
            return Bound(1.0, number, is_number=True)
        counts = [side.number for side in (left, right) if side.is_number]
        length = max(left.length, right.length) * max([1.0, *counts])
        return Bound(length, max(left.number, right.number))
    if isinstance(operator, ast.Pow):
        return Bound(max(left.length, right.length), _power(left.number, right.number), is_number)
    if isinstance(operator, ast.LShift):
        return Bound(1.0, math.inf, is_number=True)
    return Bound(left.length + right.length, left.number + right.number, is_number)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(max(1.0, base), exponent)
    except OverflowError:
        return math.inf


def _bound_square(name: str, arguments: list[Bound]) -> Bound:
    """Bound matrices of a diagonal, and graphs: at most one edge between any two nodes."""
    numbers = [argument.number for argument in arguments]
    if name == "balanced_tree":
        return Bound(_power(max([2.0, *numbers[:1]]), max([1.0, *numbers[1:]]) + 1))
    side = max([1.0, *numbers, *(argument.length for argument in arguments)])
    return Bound(side * side, side)


def _bound_growing(name: str, arguments: list[Bound]) -> Bound:
    if name != "factorial":
        return Bound(_longest(arguments), 1e300, is_number=True)
    largest = max((argument.number for argument in arguments), default=1.0)
    return Bound(1.0, math.inf if largest > 170 else math.gamma(largest + 1), is_number=True)  # noqa: PLR2004 - 171! is no float


def _parts(node: ast.AST) -> list[ast.AST]:
    return [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]


def _join(bounds: list[Bound]) -> Bound:
    number = max((bound.number for bound in bounds), default=1.0)
    return Bound(sum(bound.length for bound in bounds) or 1.0, number)


def _read_widths(node: ast.expr) -> float:
    """Return how long the widths in a format such as '%90d' or ':>90' make a text."""
    texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
    return sum(_as_float(int(width)) for text in texts for width in _WIDTH.findall(str(text)))


def _longest(bounds: list[Bound]) -> float:
    return max((bound.length for bound in bounds), default=1.0)
