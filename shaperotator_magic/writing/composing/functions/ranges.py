"""Which part of the plane a drawing of curves shows. Pure.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from functools import lru_cache

from shaperotator_magic.writing.composing.functions.sampling import (
    Compute,
    build_function,
    find_extrema,
    find_roots,
    spread,
)
from shaperotator_magic.writing.composing.plan import Equation

Pair = tuple[float, float]
Point = tuple[float, float]
_WIDEST = 20.0
_TURN = 2 * math.pi
_FAST = 4.5
_PERIODS, _MOST_PERIODS = 3.0, 10.0
_NARROWEST = 1e-3


@dataclass(frozen=True)
class Window:
    """The ranges of both axes with their steps, and their lengths in the frame."""

    x: tuple[float, float, float]
    y: tuple[float, float, float]
    width: float = 11.0
    height: float = 5.8


def find_window(
    equations: list[Equation], given: Pair | None, features: list[Point], points: list[Point]
) -> Window:
    """Return a window that shows the curves with their features."""
    graphs = [e for e in equations if e.kind == "graph"]
    others = [e for e in equations if e.kind != "graph"]
    if others and not graphs:
        drawn = [point for e in others for point in sample_curve(e, given)]
        return _fit_equally([*drawn, *points])
    reach = find_periodic_reach(graphs)
    xs = given or _find_x_range(graphs, [x for x, _ in [*features, *points]])
    ys = _find_y_range(graphs, xs, features, points)
    for equation in others:
        drawn = sample_curve(equation)
        ys = min(ys[0], *(y for _, y in drawn)), max(ys[1], *(y for _, y in drawn))
    is_exact = given is not None or reach is not None
    return Window(_snap(xs, exact=is_exact), _snap(ys, exact=True))


def _snap(pair: Pair, *, exact: bool = False) -> tuple[float, float, float]:
    low, high = pair
    if high - low < 1e-9:  # noqa: PLR2004 - one value
        low, high = low - 1, high + 1
    raw = (high - low) / 6.5
    power = 10 ** math.floor(math.log10(raw))
    step = next(f * power for f in (1, 2, 5, 10) if f * power >= raw * 0.999)
    if exact:
        digits = max(2, 2 - math.floor(math.log10(high - low)))
        return round(low, digits), round(high, digits), step
    return round(math.floor(low / step + 1e-9) * step, 6), round(
        math.ceil(high / step - 1e-9) * step, 6
    ), step  # fmt: skip


def _find_x_range(graphs: list[Equation], features: list[float]) -> Pair:
    reach = find_periodic_reach(graphs)
    if reach is not None:
        return -reach, reach
    found = list(features)
    for equation in graphs:
        f = build_function(equation.codes[0])
        found += find_roots(f, -_WIDEST, _WIDEST) + find_extrema(f, -_WIDEST, _WIDEST)
    low, high = min([0.0, *found]), max([0.0, *found])
    if found:
        pad = max(1.0, 0.35 * (high - low))
        low, high = low - pad, high + pad
    if high - low < 4:  # noqa: PLR2004 - at least four units wide
        middle = (low + high) / 2
        low, high = middle - 2, middle + 2
    if not found:
        low, high = -4.0, 4.0
    return _keep_domain(graphs, low, high)


def find_periodic_reach(graphs: list[Equation]) -> float | None:
    """Return how far to each side a wave is shown, None where there is none.

    One that swings fast is shown over a few periods, else no pixel would be left between them.
    """
    found = sorted(k for graph in graphs for k in list_frequencies(graph.codes[0]))
    if not found:
        return None
    slowest, fastest = found[0], found[-1]
    if fastest <= _FAST:
        return _TURN
    periods = min(_MOST_PERIODS, max(_PERIODS, fastest / slowest))
    return max(_NARROWEST, periods * _TURN / fastest)


@lru_cache(maxsize=256)
def list_frequencies(code: str) -> tuple[float, ...]:
    """Return how fast the argument of each sine, cosine and tangent of a formula grows."""
    found = []
    for node in ast.walk(ast.parse(code, mode="eval")):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_call and node.func.attr in {"sin", "cos", "tan"}:  # type: ignore[attr-defined]
            argument = build_function(ast.unparse(node.args[0]))  # type: ignore[attr-defined]
            first, second = argument(1) - argument(0), argument(2) - argument(1)
            is_even = math.isclose(first, second) and first != 0
            found.append(abs(first) if is_even else 1.0)
    return tuple(found)


def _keep_domain(graphs: list[Equation], low: float, high: float) -> Pair:
    """Where a function is defined on one side only (ln, a root), show more of that side."""
    functions = [build_function(e.codes[0]) for e in graphs]
    for side in (-1, 1):
        if all(
            all(math.isnan(f(side * x)) for x in spread(0.01, 6, 40)) for f in functions
        ) and functions:  # fmt: skip
            return (-1.0, 8.0) if side < 0 else (-8.0, 1.0)
    return low, high


def _find_y_range(
    graphs: list[Equation], xs: Pair, features: list[Point], points: list[Point]
) -> Pair:
    lows, highs = [0.0], [0.0]
    for equation in graphs:
        f = build_function(equation.codes[0])
        values = sorted(y for y in map(f, spread(*xs, 181)) if not math.isnan(y))
        if not values:
            continue
        inner = values[len(values) // 12 : -(len(values) // 12) or None]
        low, high = values[0], values[-1]
        turns = (
            [f(x) for x in find_extrema(f, *xs, 160)] if equation is graphs[0] or features else []
        )
        has_pole = _has_pole(f, xs)
        if turns and "np." not in equation.codes[0]:
            low, high = _keep_turns(f, turns, low, high)
        elif high - low > 4 * (inner[-1] - inner[0]) or has_pole:
            low, high = inner[0], inner[-1]
            if has_pole:
                low, high = max(low, -8.0), min(high, 8.0)
        lows.append(low)
        highs.append(high)
    marked = [y for _, y in (*features, *points)]
    low, high = min([*lows, *marked]), max([*highs, *marked])
    pad = 0.06 * (high - low)
    return (low - pad if low < 0 else low - pad / 2), high + pad


def _keep_turns(f: Compute, turns: list[float], low: float, high: float) -> Pair:
    """Return the values that show where a polynomial turns, and some more of its branches."""
    at_zero = f(0.0)
    shown = [0.0, *turns, *([at_zero] if not math.isnan(at_zero) else [])]
    pad = max(4.0, 1.2 * (max(shown) - min(shown)))
    return max(low, min(shown) - pad), min(high, max(shown) + pad)


def _has_pole(f: object, xs: Pair) -> bool:
    assert callable(f)  # noqa: S101 - build_function made it
    values = [f(x) for x in spread(*xs, 397)]
    known = sorted(abs(y) for y in values if not math.isnan(y))
    return bool(known) and known[-1] > 25 * (known[len(known) // 2] + 0.2)


def find_turn(equation: Equation) -> float:
    """Return how far the parameter of a parametric or polar curve runs."""
    functions = [build_function(code, ("t",)) for code in equation.codes]
    periodic = all("np.sin" in c or "np.cos" in c or "t" not in c for c in equation.codes)
    if not periodic:
        return 3 * _TURN if equation.kind == "polar" else 2 * _TURN
    for turns in (1, 2, 3, 4, 6, 8):
        if all(
            abs(f(0.37) - f(0.37 + turns * _TURN)) < 1e-9  # noqa: PLR2004 - the same value
            and abs(f(1.91) - f(1.91 + turns * _TURN)) < 1e-9  # noqa: PLR2004 - as above
            for f in functions
        ):
            return turns * _TURN
    return 4 * _TURN


def sample_curve(equation: Equation, reach: Pair | None = None) -> list[Point]:
    """Return points on a polar, parametric or implicit curve."""
    if equation.kind == "implicit":
        return _sample_implicit(equation.codes[0])
    ts = spread(*(reach or (0.0, find_turn(equation))), 400)
    functions = [build_function(code, ("t",)) for code in equation.codes]
    if equation.kind == "polar":
        found = [(functions[0](t) * math.cos(t), functions[0](t) * math.sin(t)) for t in ts]
    else:
        found = [(functions[0](t), functions[1](t)) for t in ts]
    kept = [p for p in found if not (math.isnan(p[0]) or math.isnan(p[1]))]
    return [p for p in kept if max(map(abs, p)) <= 3 * _WIDEST] or [(-1.0, -1.0), (1.0, 1.0)]


def _sample_implicit(code: str) -> list[Point]:
    f = build_function(code, ("x", "y"))
    for reach in (2.5, 5.0, 10.0, 20.0):
        points = _find_changes(f, reach)
        if points and max(max(map(abs, p)) for p in points) < 0.93 * reach:
            return points
    points = [p for p in _find_changes(f, 5.0) if abs(p[1]) <= 4]  # noqa: PLR2004 - an open curve
    if points and max(x for x, _ in points) - min(x for x, _ in points) < 1:
        points += [(-5.0, 0.0), (5.0, 0.0)]  # a vertical line
    return points or _find_changes(f, 20.0) or [(-3.0, -3.0), (3.0, 3.0)]


def _find_changes(f: object, reach: float) -> list[Point]:
    assert callable(f)  # noqa: S101 - build_function made it
    axis = spread(-reach, reach, 49)
    rows = [[f(x, y) for x in axis] for y in axis]
    found = []
    for j in range(48):
        for i in range(48):
            here = rows[j][i]
            if here * rows[j][i + 1] <= 0 or here * rows[j + 1][i] <= 0:
                found.append((axis[i], axis[j]))
    return found


def _fit_equally(points: list[Point]) -> Window:
    """Return a window in which both axes have the same unit."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    pad = 0.1 * max(max(xs) - min(xs), max(ys) - min(ys), 1.0)
    low_x, high_x, _ = _snap((min(0.0, min(xs) - pad), max(0.0, max(xs) + pad)))
    low_y, high_y, _ = _snap((min(0.0, min(ys) - pad), max(0.0, max(ys) + pad)))
    unit = min(11.0 / (high_x - low_x), 5.8 / (high_y - low_y))
    wanted = max(high_x - low_x, high_y - low_y)
    step = _snap((0, wanted))[2]
    return Window(
        (low_x, high_x, step), (low_y, high_y, step),
        round(unit * (high_x - low_x), 2), round(unit * (high_y - low_y), 2),
    )  # fmt: skip
