"""Points of coordinates are computed from the ends of their axes; those of a graph all at once.

manim computes the two ends of each axis three or four times for every point of a graph, and
rebuilds a graph that follows a tracker for every frame. Sums and products are manim's own, in its
order, so every point is the same to the last bit.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

from shaperotator_magic.rendering.drawing.bounding_boxes import is_unsaid
from shaperotator_magic.rendering.stand_ins.installed import replace
from shaperotator_magic.rendering.stand_ins.stock_types import StockTypes

Method = Callable[..., Any]

_FLOAT = np.dtype(np.float64)
_REALS = frozenset({float, np.float64})
_NUMBERS = _REALS | {int}
_LARGEST = 2**53  # whole numbers up to here are real ones as well


def install() -> None:
    """Install these functions in manim's classes."""
    replace("number to point", _build_number_to_point)
    replace("coords to point", _build_coords_to_point)
    replace("graph", _build_generate_points)


@dataclass(frozen=True)
class _Line:
    """Where a number line begins and ends, (x, y, z) each, and the numbers there."""

    start: list[float]
    end: list[float]
    low: float
    high: float
    scaling: Any

    def place(self, number: Any) -> list[Any]:
        """Return x, y and z of a number, or of an array of numbers."""
        share = (self.scaling.inverse_function(number) - self.low) / (self.high - self.low)
        rest = 1 - share
        return [rest * a + share * b for a, b in zip(self.start, self.end, strict=True)]


def _build_number_to_point(stock: Method) -> Method:
    find_line = _build_find_line()

    def number_to_point(number_line: Any, number: Any) -> Any:
        line = find_line(number_line) if type(number) in _REALS else None
        if line is None:
            return stock(number_line, number)
        return np.array(line.place(float(number)))

    return number_to_point


def _build_coords_to_point(stock: Method) -> Method:
    find_lines = _build_find_lines()

    def coords_to_point(system: Any, *coords: Any) -> Any:
        kinds = set(map(type, coords))
        # numpy makes all of them real numbers where one is.
        are_real = len(coords) > 1 and not kinds.isdisjoint(_REALS) and kinds <= _NUMBERS
        lines = find_lines(system) if are_real else None
        if lines is None:
            return stock(system, *coords)
        return np.array(_find_point(lines, list(map(float, coords))))

    return coords_to_point


def _find_point(lines: tuple[list[float], list[_Line]], coords: Sequence[Any]) -> list[Any]:
    """Return x, y and z of a point, or of many, from the point of 0 and the axes."""
    origin, (first, *others) = lines
    point = first.place(coords[0])
    for line, number in zip(others, coords[1:], strict=False):
        moved = zip(point, line.place(number), origin, strict=True)
        point = [total + (value - start) for total, value, start in moved]
    return point


def _build_generate_points(stock: Method) -> Method:
    from manim.mobject.graphing.coordinate_systems import Axes, CoordinateSystem

    find_lines = _build_find_lines()
    asked_alike = StockTypes(Axes, "coords_to_point")
    of_a_plot = set(_find_lambdas(CoordinateSystem.plot))

    def generate_points(graph: Any) -> Any:
        found = _find_plotted(graph.function, of_a_plot)
        if graph.use_vectorized or found is None or not asked_alike[type(found[0])]:
            return stock(graph)
        system, function = found
        own = graph.function

        def find_all(numbers: Any) -> Any:
            values = [function(number) for number in numbers]
            lines = find_lines(system) if all(map(_is_real, values)) else None
            if lines is None:
                pairs = zip(numbers, values, strict=True)
                points = [np.asarray(system.coords_to_point(*one)) for one in pairs]
                return np.array(points).T
            return _find_point(lines, [numbers, np.array(values, dtype=_FLOAT)])

        graph.function, graph.use_vectorized = find_all, True
        try:
            return stock(graph)
        finally:
            graph.function, graph.use_vectorized = own, False

    return generate_points


def _is_real(value: Any) -> bool:
    return type(value) in _REALS or (type(value) is int and abs(value) <= _LARGEST)


def _find_lambdas(method: Any) -> Iterator[CodeType]:
    """Yield the code of the functions without a name that a method makes."""
    stock = getattr(method, "__wrapped__", method)
    for constant in stock.__code__.co_consts:
        if isinstance(constant, CodeType) and constant.co_name == "<lambda>":
            yield constant


def _find_plotted(function: Any, of_a_plot: set[CodeType]) -> tuple[Any, Any] | None:
    """Return the axes and the function of x whose graph a parametric function is."""
    try:
        inner = _read_closure(function)["function"]
        closure = _read_closure(inner)
        is_plot = inner.__code__ in of_a_plot and set(closure) == {"self", "function"}
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return (closure["self"], closure["function"]) if is_plot else None


def _read_closure(function: Any) -> dict[str, Any]:
    cells = function.__closure__ or ()
    names = function.__code__.co_freevars
    return {name: cell.cell_contents for name, cell in zip(names, cells, strict=True)}


def _build_find_lines() -> Callable[[Any], tuple[list[float], list[_Line]] | None]:
    from manim.mobject.graphing.coordinate_systems import Axes

    find_line = _build_find_line()
    plain = StockTypes(Axes, "_origin_shift")

    def find_lines(system: Any) -> tuple[list[float], list[_Line]] | None:
        """Return the point of 0 and the axes; None where manim has to find points."""
        if not plain[type(system)]:
            return None
        x_axis = system.x_axis
        lines = [find_line(axis) for axis in (x_axis, *system.axes.submobjects[1:])]
        if lines[0] is None or None in lines:
            return None
        shift = system._origin_shift([x_axis.x_min, x_axis.x_max])
        return lines[0].place(float(shift)), lines  # type: ignore[return-value]

    return find_lines


def _build_find_line() -> Callable[[Any], _Line | None]:
    from manim.mobject.geometry.arc import TipableVMobject
    from manim.mobject.geometry.tips import ArrowTip
    from manim.mobject.graphing.number_line import NumberLine
    from manim.mobject.graphing.scale import LinearBase
    from manim.mobject.mobject import Mobject

    has_points = ("throw_error_if_no_points", "has_no_points", "has_points")
    of_lines = "get_start", "get_end", "has_tip", "has_start_tip"
    plain_lines = StockTypes(NumberLine, *of_lines, *has_points, "number_to_point")
    plain_tips = StockTypes(ArrowTip, "get_start", *has_points)
    is_stock = all(getattr(NumberLine, n) is getattr(TipableVMobject, n) for n in of_lines) and all(
        getattr(ArrowTip, n) is getattr(Mobject, n) for n in ("get_start", *has_points)
    )

    def find_line(line: Any) -> _Line | None:
        """Return where a number line begins and ends; None where only manim can compute it."""
        kind: Any = type(line)
        own = line.__dict__
        if not plain_lines[kind] or type(line.scaling) is not LinearBase or not is_stock:
            return None
        tip, points = own.get("tip"), line.points
        has_others = "start_tip" in own or not is_unsaid(kind, "start_tip")
        if has_others or not is_unsaid(kind, "tip") or not _are_points(points):
            return None
        ends = points
        if tip is not None:
            is_its = any(tip is member for member in line.submobjects)
            if not is_its or not plain_tips[type(tip)] or not _are_points(tip.points):
                return None
            ends = tip.points[:1]
        low, high = float(line.x_range[0]), float(line.x_range[1])
        if low == high or not line.scaling.scale_factor:  # numpy divides by 0, Python does not
            return None
        return _Line(points[0].tolist(), ends[-1].tolist(), low, high, line.scaling)

    return find_line


def _are_points(points: Any) -> bool:
    is_array = type(points) is np.ndarray and points.dtype is _FLOAT
    return is_array and points.shape[1:] == (3,) and len(points) > 0
