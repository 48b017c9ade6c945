"""The shapes at the ends of a scene's animations, gathered into one small file.

Runs in a scene's process. What several moments show is stored once. Where the file grows too
large, every second moment goes, but never the last one.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from shaperotator_magic.rendering.exchange.geometry import (
    COLUMNS,
    GEOMETRY_NAME,
    IS_CLOSED,
    IS_STRAIGHT,
    LARGEST_GEOMETRY_BYTES,
    MOST_ROWS,
    CameraView,
    Counts,
    Header,
    Moment,
    Projection,
    pack_geometry,
)
from shaperotator_magic.rendering.scene.shapes import (
    Floats,
    Item,
    ShapeReader,
    Style,
    UnknownShapeError,
)

_MOST_MOMENTS = 24
_MOST_ITEMS = 12_000  # of one moment
_FINEST = 0.001  # of manim's units: a sixteenth of a pixel at 480 lines
_STEPS = 32_000
_WIDTH_STEPS = 64
_SAME_PLACE = 1e-4


@dataclass(frozen=True)
class _Seen:
    step: int
    camera: CameraView
    items: list[Item]


class MomentRecorder:
    """Takes down what a scene shows whenever an animation ends."""

    def __init__(self, scene: Any) -> None:
        self._reader = ShapeReader(scene)
        self._seen: list[_Seen] = []

    @property
    def has_any(self) -> bool:
        """Whether anything with depth was seen."""
        return bool(self._seen)

    def see(self, step: int) -> None:
        """Take down the shapes at the end of a step, from 0; nothing where nothing has depth."""
        if not self._reader.has_depth():
            return
        try:
            items, camera = self._reader.read(), self._reader.read_camera()
        except (UnknownShapeError, ValidationError):
            return
        if not items or len(items) > _MOST_ITEMS:
            return
        self._seen = [*(m for m in self._seen if m.step != step), _Seen(step, camera, items)]
        if len(self._seen) > _MOST_MOMENTS:
            self._seen = self._seen[1::2]

    def write(self, folder: Path) -> bool:
        """Write the file, if there is anything to turn and it can be small."""
        moments = self._seen
        while moments:
            content = _pack(moments)
            if content is not None and len(content) <= LARGEST_GEOMETRY_BYTES:
                (folder / GEOMETRY_NAME).write_bytes(content)
                return True
            # From the end, so that the last one stays.
            moments = moments[::-1][::2][::-1] if len(moments) > 1 else []
        return False


class _Table:
    """Rows by their content, in the order in which they were first met."""

    def __init__(self) -> None:
        self.rows: dict[Any, int] = {}

    def add(self, row: Any) -> int:
        return self.rows.setdefault(row, len(self.rows))


class _Tables:
    """The tables of one file."""

    def __init__(self, unit: float, unit_4d: float) -> None:
        self._units = {3: unit, 4: unit_4d}
        self.points = {3: _Table(), 4: _Table()}
        self.paths, self.styles, self.items = _Table(), _Table(), _Table()
        self.projections: list[Projection] = []

    def add_item(self, item: Item) -> int:
        kind = 0
        points = item.points
        if item.points_4d is not None and item.projection is not None:
            if item.projection not in self.projections:
                self.projections.append(item.projection)
            kind = 1 + self.projections.index(item.projection)
            points = item.points_4d
        curves = tuple(self._add_curve(curve) for curve in _split(points))
        path = self.paths.add((kind, curves))
        style = self.styles.add(item.style)
        marks = tuple(self._add_points(np.vstack([item.anchor, item.gradient])))
        return self.items.add((path, style, item.flags, marks))

    def _add_curve(self, curve: Floats) -> tuple[int, tuple[int, ...]]:
        """Return the flags and corners of joined cubic curves, (n, 4, coordinates)."""
        start, end = curve[:, 0], curve[:, 3]
        is_straight = bool(
            np.allclose(curve[:, 1], (2 * start + end) / 3, atol=1e-3)
            and np.allclose(curve[:, 2], (start + 2 * end) / 3, atol=1e-3)
        )
        is_closed = bool(np.allclose(start[0], end[-1], atol=_SAME_PLACE))
        flags = (IS_CLOSED if is_closed else 0) | (IS_STRAIGHT if is_straight else 0)
        if is_straight:
            corners = np.vstack([start, end[-1:]])
            if is_closed and len(corners) > 2:  # noqa: PLR2004 - a line there and back
                corners = corners[:-1]
        else:
            corners = np.vstack([curve[:, :3].reshape(-1, curve.shape[2]), end[-1:]])
        return flags, tuple(self._add_points(corners))

    def _add_points(self, points: Floats) -> list[int]:
        width = points.shape[1]
        grid = np.round(points / self._units[width]).astype(int).tolist()
        table = self.points[width]
        return [table.add(tuple(row)) for row in grid]

    def is_full(self) -> bool:
        tables = (*self.points.values(), self.paths, self.styles, self.items)
        return any(len(table.rows) > MOST_ROWS for table in tables)


def _split(points: Floats) -> list[Floats]:
    """Return the parts of a path that are joined, each as (n, 4, coordinates)."""
    whole = len(points) // 4 * 4
    curves = points[:whole].reshape(-1, 4, points.shape[1])
    gaps = abs(curves[1:, 0] - curves[:-1, 3]).max(axis=1) > _SAME_PLACE
    return [part for part in np.split(curves, np.flatnonzero(gaps) + 1) if len(part)]


def _find_unit(arrays: Sequence[Floats]) -> float:
    largest = max((float(abs(a).max()) for a in arrays if a.size), default=1.0)
    return max(_FINEST, largest / _STEPS)


def _pack(moments: Sequence[_Seen]) -> bytes | None:
    """Return the file with these moments, None where a table would be too long."""
    items = {id(item): item for moment in moments for item in moment.items}
    near = [a for item in items.values() for a in (item.points, item.anchor, item.gradient)]
    far = [item.points_4d for item in items.values() if item.points_4d is not None]
    tables = _Tables(_find_unit(near), _find_unit(far))
    rows = {key: tables.add_item(item) for key, item in items.items()}
    shown = [[rows[id(item)] for item in moment.items] for moment in moments]
    columns = _fill_columns(tables, [row for moment in shown for row in moment])
    if tables.is_full() or max(map(len, columns.values())) > 4 * MOST_ROWS:
        return None
    try:
        header = Header(
            unit=_find_unit(near),
            unit_4d=_find_unit(far),
            counts=_count(tables, columns),
            projections=tuple(tables.projections),
            moments=tuple(
                Moment(step=moment.step, camera=moment.camera, items=len(listed))
                for moment, listed in zip(moments, shown, strict=True)
            ),
        )
    except ValidationError:
        return None
    return pack_geometry(header, columns)


def _count(tables: _Tables, columns: dict[str, array[int]]) -> Counts:
    return Counts(
        points=len(tables.points[3].rows),
        points_4d=len(tables.points[4].rows),
        paths=len(tables.paths.rows),
        curves=len(columns["curve_corners"]),
        corners=len(columns["corners"]),
        styles=len(tables.styles.rows),
        colors=len(columns["colors"]) // 4,
        items=len(tables.items.rows),
    )


def _fill_columns(tables: _Tables, shown: list[int]) -> dict[str, array[int]]:
    paths, items = list(tables.paths.rows), list(tables.items.rows)
    curves = [curve for _, curves in paths for curve in curves]
    styles: list[Style] = list(tables.styles.rows)
    values: dict[str, list[int] | bytes] = {
        "points": _take_differences(tables.points[3], 3),
        "points_4d": _take_differences(tables.points[4], 4),
        "path_curves": [len(curves) for _, curves in paths],
        "path_kinds": [kind for kind, _ in paths],
        "curve_corners": [len(corners) for _, corners in curves],
        "curve_flags": [flags for flags, _ in curves],
        "corners": _differ([corner for _, corners in curves for corner in corners]),
        "style_stops": [len(c) // 4 for s in styles for c in (s.fill, s.stroke, s.back)],
        "style_widths": [
            min(MOST_ROWS, round(_WIDTH_STEPS * w)) for s in styles for w in (s.width, s.back_width)
        ],
        "style_ends": [end for s in styles for end in (s.joint, s.cap)],
        "colors": b"".join(s.fill + s.stroke + s.back for s in styles),
        "item_paths": [path for path, *_ in items],
        "item_styles": [style for _, style, *_ in items],
        "item_flags": [flags for _, _, flags, _ in items],
        "item_points": [mark for *_, marks in items for mark in marks],
        "moment_items": _differ(shown),
    }
    codes = {column.name: column.code for column in COLUMNS}
    return {name: array(codes[name], column) for name, column in values.items()}


def _differ(values: list[int]) -> list[int]:
    """Return a column as differences modulo 2^16."""
    steps = np.diff(np.array(values, dtype=int), prepend=0)
    return [int(step) & MOST_ROWS for step in steps]


def _take_differences(table: _Table, width: int) -> list[int]:
    """Return a table of points, a coordinate after the other, as differences modulo 2^16."""
    grid = np.array(list(table.rows), dtype=int).reshape(-1, width)
    steps: npt.NDArray[np.int16] = np.diff(grid, axis=0, prepend=0).astype(np.int16)
    return [int(step) for step in steps.T.ravel()]
