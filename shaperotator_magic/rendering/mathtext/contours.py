"""Contours as numbers: their extents, rectangles, and cutting them by lines across.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import itertools

import numpy as np

from shaperotator_magic.rendering.mathtext.outlines import Outline, Points, join_corners


def find_box(outlines: list[Outline]) -> tuple[float, float, float, float]:
    """Return left, lowest, right and highest of all points."""
    points = np.concatenate([outline.points for outline in outlines])
    (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
    return float(left), float(low), float(right), float(high)


def find_rows(outlines: list[Outline]) -> tuple[float, float]:
    """Return lowest and highest of all points."""
    _, low, _, high = find_box(outlines)
    return low, high


def find_columns(outlines: list[Outline]) -> tuple[float, float]:
    """Return the leftmost and rightmost of all points."""
    left, _, right, _ = find_box(outlines)
    return left, right


def make_box(left: float, low: float, right: float, high: float) -> Points:
    """Return a rectangle."""
    return join_corners(np.array([[right, high], [left, high], [left, low], [right, low]]))


def stack(left: float, low: float, right: float, high: float, count: int) -> list[Points]:
    """Return boxes one below the other."""
    edges = np.linspace(high, low, count + 1)
    return [make_box(left, lower, right, upper) for upper, lower in itertools.pairwise(edges)]


def list_contours(outlines: list[Outline]) -> list[Points]:
    """Return the contours of all outlines."""
    return [contour for outline in outlines for contour in outline.list_contours()]


def cut(points: Points, at: float, *, axis: int) -> tuple[Points, Points]:
    """Cut a closed contour by a line across; return what lies below it, and above."""
    empty = points[:0]
    if not len(points) or float(points[:, axis].min()) >= at:
        return empty, points
    if float(points[:, axis].max()) <= at:
        return points, empty
    curves = points.reshape(-1, 4, 2)
    crossings = [(place, t) for place, curve in enumerate(curves) for t in _cross(curve, at, axis)]
    if len(crossings) != 2:  # noqa: PLR2004 - in and out
        return (points, empty) if float(points[:, axis].mean()) < at else (empty, points)
    first, second = (_take(curves, *pair) for pair in (crossings, crossings[::-1]))
    is_below = float(first[:, axis].mean()) < at
    return (first, second) if is_below else (second, first)


def _cross(curve: Points, at: float, axis: int) -> list[float]:
    a, b, c, d = (float(value) for value in curve[:, axis])
    roots = np.roots([d - 3 * c + 3 * b - a, 3 * (c - 2 * b + a), 3 * (b - a), a - at])
    real = (float(root.real) for root in roots if abs(root.imag) < 1e-9)  # noqa: PLR2004 - rounding
    return sorted(t for t in real if -1e-9 <= t < 1 - 1e-9)  # noqa: PLR2004 - rounding


def _take(curves: Points, begin: tuple[int, float], end: tuple[int, float]) -> Points:
    """Return the closed contour along the curves from one crossing to the other."""
    count = len(curves)
    start, stop = begin[0], end[0]
    if (stop, end[1]) < (start, begin[1]):
        stop += count
    pieces = [curves[place % count] for place in range(start, stop + 1)]
    if len(pieces) == 1:
        pieces = [_part(pieces[0], begin[1], end[1])]
    else:
        pieces[0], pieces[-1] = _part(pieces[0], begin[1], 1.0), _part(pieces[-1], 0.0, end[1])
    chain = np.concatenate(pieces)
    closing = np.linspace(chain[-1], chain[0], 4)
    return np.concatenate([chain, closing])


def _part(curve: Points, begin: float, end: float) -> Points:
    """Return the part of a cubic curve between two parameters (blossoms)."""

    def blossom(r: float, s: float, t: float) -> Points:
        rows = curve
        for u in (r, s, t):
            rows = rows[:-1] * (1 - u) + rows[1:] * u
        point: Points = rows[0]
        return point

    return np.array([
        blossom(begin, begin, begin), blossom(begin, begin, end),
        blossom(begin, end, end), blossom(end, end, end),
    ])  # fmt: skip
