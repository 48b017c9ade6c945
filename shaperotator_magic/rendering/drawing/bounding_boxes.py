"""Bounding boxes are computed from all points of a family at once, not point by point.

manim builds a Python list of a family's anchors whenever its middle or an edge is needed, and calls
numpy's general functions for each of three columns. It also checks several times for every point of
a graph whether a line has a tip, each time by way of an exception.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stand_ins.installed import replace
from shaperotator_magic.rendering.stand_ins.stock_types import StockTypes

Method = Callable[..., Any]

_FLOAT = np.dtype(np.float64)
_CORNERS = 4  # points of a cubic curve; the first and the last are anchors


def install() -> None:
    """Install these functions in manim's classes."""
    replace("boundary", _build_boundary)
    replace("extremum", _build_extremum)
    replace("critical point", _build_critical_point)
    replace("tip", functools.partial(_build_has_tip, name="tip"))
    replace("start tip", functools.partial(_build_has_tip, name="start_tip"))


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


def _build_has_tip(stock: Method, name: str) -> Method:
    def has_tip(vmobject: Any) -> bool:
        kind: Any = type(vmobject)
        if name not in vmobject.__dict__ and is_unsaid(kind, name):
            return False
        return stock(vmobject)  # type: ignore[no-any-return]

    return has_tip


@functools.cache
def is_unsaid(kind: Any, name: str) -> bool:
    """Return whether a type defines no attribute of this name; its objects may."""
    from manim.mobject.mobject import Mobject

    reads_plainly = kind.__getattribute__ is object.__getattribute__
    return reads_plainly and kind.__getattr__ is Mobject.__getattr__ and not hasattr(kind, name)
