"""Where an object ends is found from all its points at once, instead of point by point.

manim makes a Python list of the anchors of a family whenever the middle or an edge of it is asked
for, and calls numpy's general functions for each of three columns. Whether a line has a tip is
asked several times for every point of a graph, each time by way of an exception.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stock_types import StockTypes, replace

Method = Callable[..., Any]

_FLOAT = np.dtype(np.float64)
_REALS = frozenset({float, np.float64})
_NUMBERS = _REALS | {int}
_CORNERS = 4  # points of a cubic curve; the first and the last are anchors


def install() -> None:
    """Make manim measure its objects this way."""
    from manim.mobject.geometry.arc import TipableVMobject
    from manim.mobject.graphing.coordinate_systems import CoordinateSystem
    from manim.mobject.graphing.number_line import NumberLine
    from manim.mobject.mobject import Mobject
    from manim.mobject.types.vectorized_mobject import VMobject

    replace(VMobject, "get_points_defining_boundary", _build_boundary)
    replace(Mobject, "get_extremum_along_dim", _build_extremum)
    replace(Mobject, "get_critical_point", _build_critical_point)
    replace(NumberLine, "number_to_point", _build_number_to_point)
    replace(CoordinateSystem, "coords_to_point", _build_coords_to_point)
    replace(TipableVMobject, "has_tip", functools.partial(_build_has_tip, name="tip"))
    replace(TipableVMobject, "has_start_tip", functools.partial(_build_has_tip, name="start_tip"))


def _build_boundary(stock: Method) -> Method:
    from manim.mobject.types.vectorized_mobject import VMobject

    plain = StockTypes(VMobject, "get_anchors", "get_start_anchors", "get_end_anchors")

    def get_points_defining_boundary(vmobject: Any) -> Any:
        family = vmobject.get_family()
        if not plain.have_all(family):
            return stock(vmobject)
        parts = [member.points for member in family if len(member.points)]
        are_curves = all(map(_are_curves, parts)) and all(
            member.n_points_per_cubic_curve == _CORNERS for member in family
        )
        if not parts or not are_curves:
            return stock(vmobject)
        points = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return points.reshape(-1, _CORNERS, 3)[:, :: _CORNERS - 1].reshape(-1, 3).copy()

    return get_points_defining_boundary


def _are_curves(points: Any) -> bool:
    return (
        type(points) is np.ndarray
        and points.dtype is _FLOAT
        and points.shape[1:] == (3,)
        and len(points) % _CORNERS == 0
    )


def _build_extremum(stock: Method) -> Method:
    def get_extremum_along_dim(mobject: Any, points: Any = None, dim: int = 0, key: Any = 0) -> Any:
        if points is None:
            points = mobject.get_points_defining_boundary()
        if type(points) is not np.ndarray:
            return stock(mobject, points, dim, key)
        values = points[:, dim]
        # What numpy.min and numpy.max call in the end.
        if key < 0:
            return np.minimum.reduce(values)
        if key == 0:
            return (np.minimum.reduce(values) + np.maximum.reduce(values)) / 2
        return np.maximum.reduce(values)

    return get_extremum_along_dim


def _build_critical_point(stock: Method) -> Method:
    from manim.mobject.mobject import Mobject

    plain = StockTypes(Mobject, "get_extremum_along_dim")

    def get_critical_point(mobject: Any, direction: Any) -> Any:
        # An array of one number would take longer to compare with 0 than all the rest.
        is_plain = type(direction) is np.ndarray and direction.shape == (3,)
        if not is_plain or mobject.dim != len(direction) or not plain[type(mobject)]:
            return stock(mobject, direction)
        result = np.zeros(3)
        points = mobject.get_points_defining_boundary()
        if len(points):
            for dim, key in enumerate(direction.tolist()):
                result[dim] = mobject.get_extremum_along_dim(points, dim, key)
        return result

    return get_critical_point


def _build_number_to_point(stock: Method) -> Method:
    find_place = _build_find_place()

    def number_to_point(number_line: Any, number: Any) -> Any:
        place = find_place(number_line, number) if type(number) in _REALS else None
        return stock(number_line, number) if place is None else np.array(place)

    return number_to_point


def _build_coords_to_point(stock: Method) -> Method:
    from manim.mobject.graphing.coordinate_systems import CoordinateSystem

    find_place = _build_find_place()
    plain = StockTypes(CoordinateSystem, "_origin_shift")

    def coords_to_point(system: Any, *coords: Any) -> Any:
        kinds = set(map(type, coords))
        # numpy makes all of them real numbers where one is.
        if len(coords) < 2 or kinds.isdisjoint(_REALS) or not kinds <= _NUMBERS:  # noqa: PLR2004
            return stock(system, *coords)
        x_axis = system.x_axis
        others = system.axes.submobjects[1:]
        shift = system._origin_shift([x_axis.x_min, x_axis.x_max])
        origin, point = find_place(x_axis, shift), find_place(x_axis, coords[0])
        for line, number in zip(others, coords[1:], strict=False):
            place = find_place(line, number)
            if origin is None or point is None or place is None:
                return stock(system, *coords)
            moved = zip(point, place, origin, strict=True)
            point = [total + (value - start) for total, value, start in moved]
        if origin is None or point is None or not plain[type(system)]:
            return stock(system, *coords)
        return np.array(point)

    return coords_to_point


def _build_find_place() -> Callable[[Any, Any], list[float] | None]:
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

    def find_place(line: Any, number: Any) -> list[float] | None:
        """Return a number's point on a line; None where manim has to find it."""
        kind: Any = type(line)
        own = line.__dict__
        if not plain_lines[kind] or type(line.scaling) is not LinearBase or not is_stock:
            return None
        tip, points = own.get("tip"), line.points
        has_others = "start_tip" in own or not _is_unsaid(kind, "start_tip")
        if has_others or not _is_unsaid(kind, "tip") or not _are_points(points):
            return None
        ends = points
        if tip is not None:
            is_its = any(tip is member for member in line.submobjects)
            if not is_its or not plain_tips[type(tip)] or not _are_points(tip.points):
                return None
            ends = tip.points[:1]
        low, high = line.x_range[0], line.x_range[1]
        if low == high:
            return None
        share = float((line.scaling.inverse_function(np.float64(number)) - low) / (high - low))
        rest = 1 - share
        pairs = zip(points[0].tolist(), ends[-1].tolist(), strict=True)
        return [rest * a + share * b for a, b in pairs]

    return find_place


def _are_points(points: Any) -> bool:
    is_array = type(points) is np.ndarray and points.dtype is _FLOAT
    return is_array and points.shape[1:] == (3,) and len(points) > 0


def _build_has_tip(stock: Method, name: str) -> Method:
    def has_tip(vmobject: Any) -> bool:
        kind: Any = type(vmobject)
        if name not in vmobject.__dict__ and _is_unsaid(kind, name):
            return False
        return stock(vmobject)  # type: ignore[no-any-return]

    return has_tip


@functools.cache
def _is_unsaid(kind: Any, name: str) -> bool:
    """Whether objects of a type have no attribute of this name but one of their own."""
    from manim.mobject.mobject import Mobject

    reads_plainly = kind.__getattribute__ is object.__getattribute__
    return reads_plainly and kind.__getattr__ is Mobject.__getattr__ and not hasattr(kind, name)
