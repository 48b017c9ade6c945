"""Functions in numbers: where they are defined, their roots, extrema and crossings. Pure.

The code of a formula is read as a tree and computed node by node; nothing is ever executed.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Sequence
from functools import lru_cache

Compute = Callable[..., float]
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sin": math.sin, "cos": math.cos, "tan": math.tan, "sinh": math.sinh, "cosh": math.cosh,
    "tanh": math.tanh, "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "abs": abs,
    "arctan": math.atan, "arcsin": math.asin, "arccos": math.acos,
    "cbrt": lambda x: math.copysign(abs(x) ** (1 / 3), x),
}  # fmt: skip
_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: pow,
}  # fmt: skip
_CONSTANTS = {"pi": math.pi, "e": math.e}
NAN = math.nan
_HUGE = 1e7
_STEPS = 60
_SAME = 1e-3
_POLE_RATIO, _STILL = 5.0, 0.02


@lru_cache(maxsize=256)
def build_function(code: str, variables: tuple[str, ...] = ("x",)) -> Compute:
    """Return a function of numbers; it gives nan where the formula has no value."""
    tree = ast.parse(code, mode="eval").body
    compute = _build(tree, variables)

    def function(x: float, y: float = 0.0) -> float:
        try:
            value = compute(x, y)
            return value if -_HUGE <= value <= _HUGE else NAN
        except (ArithmeticError, ValueError, TypeError):  # a root of a negative number is complex
            return NAN

    return function


def _build(node: ast.AST, variables: tuple[str, ...]) -> Callable[[float, float], float]:
    if isinstance(node, ast.Constant):
        number = float(node.value)  # type: ignore[arg-type]
        return lambda x, y: number
    if isinstance(node, ast.Name):
        return (lambda x, y: x) if node.id == variables[0] else (lambda x, y: y)
    if isinstance(node, ast.Attribute):
        constant = _CONSTANTS[node.attr]
        return lambda x, y: constant
    if isinstance(node, ast.UnaryOp):
        inner = _build(node.operand, variables)
        return (lambda x, y: -inner(x, y)) if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.BinOp):
        combine = _OPERATORS[type(node.op)]
        left, right = _build(node.left, variables), _build(node.right, variables)
        return lambda x, y: combine(left(x, y), right(x, y))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        call, argument = _FUNCTIONS[node.func.attr], _build(node.args[0], variables)
        return lambda x, y: call(argument(x, y))
    raise ValueError(ast.dump(node))


def spread(low: float, high: float, count: int) -> list[float]:
    """Return numbers evenly from low to high."""
    return [low + (high - low) * k / (count - 1) for k in range(count)]


def find_roots(f: Compute, low: float, high: float, count: int = 301) -> list[float]:
    """Return where a function changes its sign without a jump, or touches zero."""
    xs = spread(low, high, count)
    ys = [f(x) for x in xs]
    found = [x for x, y in zip(xs, ys, strict=True) if y == 0]
    for k in range(count - 1):
        if ys[k] * ys[k + 1] < 0:
            x = _bisect(f, xs[k], xs[k + 1])
            if abs(f(x)) < 1e-6 * (1 + abs(ys[k]) + abs(ys[k + 1])):  # no pole
                found.append(x)
    found += [x for x in find_extrema(f, low, high, count) if abs(f(x)) < _SAME / 100]
    return _merge(found)


def find_poles(f: Compute, low: float, high: float) -> list[float]:
    """Return where a function grows beyond all bounds, as fast as a root of its inverse does."""

    def invert(x: float) -> float:
        y = f(x)
        return 0.0 if math.isnan(y) else 1 / y if y else _HUGE

    near = (high - low) / 1e6
    return [
        x
        for x in find_roots(invert, low, high)
        if any(
            abs(f(x + side * near)) > _POLE_RATIO * abs(f(x + side * 100 * near))
            for side in (-1, 1)
        )
    ]


def find_limits(f: Compute) -> list[float]:
    """Return what a function comes near far out on either side, where it does not swing."""
    found = []
    for side in (-1, 1):
        values = [f(side * x) for x in (1e3, 3.1e3, 9.7e3, 1e5)]
        is_still = max(values) - min(values) < _STILL and not any(map(math.isnan, values))
        if is_still and f(side * 1.0) != values[-1]:
            found.append(values[-1])
    return sorted({round(value, 2) + 0.0 for value in found})


def find_extrema(f: Compute, low: float, high: float, count: int = 301) -> list[float]:
    """Return where a function turns from rising to falling or back."""
    xs = spread(low, high, count)
    ys = [f(x) for x in xs]
    found = []
    for k in range(1, count - 1):
        before, here, after = ys[k - 1 : k + 2]
        if (here - before) * (after - here) < 0 or (here == after != before):
            x = _narrow(f, xs[k - 1], xs[min(k + 2, count - 1)], sign=1 if here > before else -1)
            steep = abs(f(x) - here) <= abs(here - before) + abs(after - here) + 1e-9
            if steep and _is_smooth_turn(f, x, xs[k + 1] - xs[k]):
                found.append(x)
    return _merge(found)


def _is_smooth_turn(f: Compute, x: float, step: float) -> bool:
    """At a pole the values beside it grow without end as one comes nearer."""
    near, far = f(x + step / 1000), f(x + step)
    return math.isfinite(near) and abs(near - f(x)) <= abs(far - f(x)) + 1e-9


def _bisect(f: Compute, low: float, high: float) -> float:
    at_low = f(low)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        value = f(middle)
        if value == 0:
            return middle
        low, high = (middle, high) if value * at_low > 0 else (low, middle)
    return (low + high) / 2


def _narrow(f: Compute, low: float, high: float, *, sign: int) -> float:
    """Return where ``sign * f`` is largest, by golden sections."""
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        if sign * f(a) >= sign * f(b):
            high = b
        else:
            low = a
    return (low + high) / 2


def _merge(values: Sequence[float]) -> list[float]:
    merged: list[float] = []
    for value in sorted(values):
        if not merged or value - merged[-1] > _SAME:
            merged.append(value)
    return [round(value, 6) + 0.0 for value in merged]


def find_pieces(
    f: Compute, x_range: tuple[float, float], y_range: tuple[float, float]
) -> list[tuple[float, float]]:
    """Return the stretches of x over which a graph lies in the picture, none across a pole."""
    low, high = y_range
    margin = 0.02 * (high - low)

    def is_in(x: float) -> bool:
        y = f(x)
        return low - margin <= y <= high + margin

    xs = spread(*x_range, 321)
    inside = [is_in(x) for x in xs]
    pieces: list[tuple[float, float]] = []
    start: float | None = None
    for k, x in enumerate(xs):
        jumps = k > 0 and inside[k] and inside[k - 1] and _jumps(f, xs[k - 1], x, high - low)
        if start is not None and (not inside[k] or jumps):
            end = xs[k - 1] if jumps else _find_edge(is_in, xs[k - 1], x)
            pieces.append((start, end))
            start = None
        if inside[k] and start is None:
            start = x if k == 0 or jumps else _find_edge(is_in, x, xs[k - 1])
    if start is not None:
        pieces.append((start, xs[-1]))
    digits = max(3, 3 - math.floor(math.log10(x_range[1] - x_range[0])))
    return [(round(a, digits), round(b, digits)) for a, b in pieces if b - a > (xs[1] - xs[0])]


def _jumps(f: Compute, a: float, b: float, height: float) -> bool:
    """A jump has the same height however near to it its two sides are sampled."""
    if abs(f(a) - f(b)) < height / 4:
        return False
    for _ in range(20):
        middle = (a + b) / 2
        a, b = (a, middle) if abs(f(a) - f(middle)) > abs(f(middle) - f(b)) else (middle, b)
    return abs(f(a) - f(b)) > height / 8


def _find_edge(is_in: Callable[[float], bool], inside: float, outside: float) -> float:
    for _ in range(30):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if is_in(middle) else (inside, middle)
    return inside
