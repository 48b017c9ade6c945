"""The shapes at the ends of a scene's animations and within them, gathered into one small file.

Runs in a scene's process. What several moments show is stored once. A moment within an animation
has a rank, the higher the closer its neighbours; where the file grows too large, the highest rank
goes first, then every second end, but never the last one.
"""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from shaperotator_magic.rendering.exchange.geometry import (
    COLUMNS,
    GEOMETRY_NAME,
    LARGEST_GEOMETRY_BYTES,
    MOST_ROWS,
    CameraView,
    Column,
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

_MOST_MOMENTS = 160
_MOST_ENDS = 24
_MOST_ITEMS = 12_000  # of one moment
_MOST_INNER_ITEMS = 1500  # of the moments within one animation
_MOST_NEW = 600  # the same, where these items are others each time: reading one takes 0.1 ms
_KNOWN_COST = 0.2  # of an item that was read before
_MOST_READ = 5000  # of the moments within all animations
_FINEST_RANK = 4
_LEAST_DISTANCE_S = 0.25
_ENOUGH_BYTES = 40_000  # with moments within animations
_ENOUGH_SHARE = 1.15  # the same, of what the ends alone take
_MOVED = 0.03  # of manim's units: two pixels at 480 lines
_FINEST = 0.001  # of manim's units: a sixteenth of a pixel at 480 lines
_STEPS = 32_000
_WIDTH_STEPS = 64


@functools.lru_cache(maxsize=64)
def rank_frames(count: int, fps: float) -> dict[int, int]:
    """Return the ranks of the frames, from 0, of an animation at which its shapes are taken down.

    The last one has rank 0, the one in the middle rank 1, those at the quarters rank 2.
    """
    finest = math.log2(max(1.0, count / fps / _LEAST_DISTANCE_S))
    found: dict[int, int] = {}
    for rank in range(min(_FINEST_RANK, int(finest)), -1, -1):
        parts = 2**rank
        found |= {round(count * part / parts) - 1: rank for part in range(1, parts + 1)}
    return found


@dataclass(frozen=True)
class _Seen:
    """What is shown in a frame of the video, and how many frames it has until that one's end."""

    step: int
    rank: int
    frames: int
    camera: CameraView
    items: list[Item]


class MomentRecorder:
    """Takes down what a scene shows while an animation passes, and when it ends."""

    def __init__(self, scene: Any) -> None:
        self._reader = ShapeReader(scene)
        self._seen: list[_Seen] = []
        self._passing: dict[int, _Seen] = {}
        self._read_items = 0.0
        self._cost = 0.0

    @property
    def has_any(self) -> bool:
        """Whether anything with depth was seen."""
        return bool(self._seen)

    def find_frames(self, count: int, fps: float) -> dict[int, int]:
        """Return which frames of an animation ``see_passing`` is asked for, by their ranks.

        Of a flat scene none before something with depth was seen: to look for it takes time.
        """
        if not (self._reader.is_space or self.has_any):
            return {}
        size = len(self._seen[-1].items) if self._seen else 1
        is_exhausted = self._read_items > _MOST_READ
        most = 0 if is_exhausted else int(math.log2(max(1, _MOST_INNER_ITEMS // max(1, size))))
        return {at: rank for at, rank in rank_frames(count, fps).items() if rank <= most}

    def see_passing(self, frame: int, rank: int) -> None:
        """Take down the shapes in a frame of the animation that is played, from 0."""
        if rank and self._cost * 2**rank > _MOST_NEW:
            return
        seen = self._read()
        if seen is not None:
            self._cost = self._reader.new_items + _KNOWN_COST * len(seen[1])
            self._read_items += self._cost
            self._passing[frame] = _Seen(0, rank, frame + 1, *seen)

    def see(self, step: int, begun: int, frames: int) -> None:
        """Take down the end of an animation of a step, from 0; nothing where nothing has depth.

        It began after so many frames of the video, and had so many.
        """
        passing, self._passing, self._cost = self._passing, {}, 0.0
        ended = self._read() if frames else None
        if ended is None:
            return
        last = passing.pop(frames - 1, None)
        end = _Seen(step, 0, begun + frames, *(_choose_end(last, ended) if last else ended))
        inner = [
            replace(moment, step=step, frames=begun + moment.frames)
            for moment in passing.values()
            if moment.rank
        ]
        self._seen += [*inner, end]
        while len(self._seen) > _MOST_MOMENTS or _count_ends(self._seen) > _MOST_ENDS:
            self._seen = _thin(self._seen)

    def write(self, folder: Path, fps: float) -> bool:
        """Write the file, if there is anything to turn and it can be small."""
        content = _pack_small(self._seen, fps)
        if content is not None:
            (folder / GEOMETRY_NAME).write_bytes(content)
        return content is not None

    def _read(self) -> tuple[CameraView, list[Item]] | None:
        if not self._reader.has_depth():
            return None
        try:
            items, camera = self._reader.read(), self._reader.read_camera()
        except (UnknownShapeError, ValidationError):
            return None
        return (camera, items) if 0 < len(items) <= _MOST_ITEMS else None


def _choose_end(last: _Seen, ended: tuple[CameraView, list[Item]]) -> tuple[CameraView, list[Item]]:
    """Return what the last frame of an animation shows, or what it has ended in.

    That frame is drawn a moment before the end. Where the eye sees no difference, what is there at
    the end is better: the next moments have it, too, and so it is stored once.
    """
    items = ended[1]
    # A camera costs nothing.
    return (last.camera, last.items if _has_moved(last.items, items) else items)


def _has_moved(before: list[Item], after: list[Item]) -> bool:
    """Tell whether one of the same shapes moves on by what can be seen."""
    pairs = [(a.points, b.points) for a, b in zip(before, after, strict=False) if a is not b]
    if len(before) != len(after) or any(a.shape != b.shape for a, b in pairs):
        return False
    return any(abs(a - b).max() > _MOVED for a, b in pairs)


def _count_ends(moments: Sequence[_Seen]) -> int:
    return sum(moment.rank == 0 for moment in moments)


def _thin(moments: list[_Seen]) -> list[_Seen]:
    """Return fewer moments: without the highest rank, else every second, and always the last."""
    highest = max(moment.rank for moment in moments)
    if highest:
        return [moment for moment in moments if moment.rank < highest]
    return moments[::-1][::2][::-1] if len(moments) > 1 else []


def _pack_small(moments: list[_Seen], fps: float) -> bytes | None:
    """Return a file with as many of the moments as may be, None where not one may be."""
    ends: bytes | None = None
    while moments:
        content = _pack(moments, fps)
        if all(moment.rank == 0 for moment in moments):
            if content is not None and len(content) <= LARGEST_GEOMETRY_BYTES:
                return content
        elif content is not None:
            if len(content) <= _ENOUGH_BYTES:
                return content
            ends = ends or _pack([moment for moment in moments if not moment.rank], fps) or b""
            if len(content) <= min(_ENOUGH_SHARE * len(ends), LARGEST_GEOMETRY_BYTES):
                return content
        moments = _thin(moments)
    return None


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
        if item.points_4d is not None and item.projection is not None:
            if item.projection not in self.projections:
                self.projections.append(item.projection)
            kind = 1 + self.projections.index(item.projection)
        curves = tuple((flags, tuple(self._add_points(at))) for flags, at in item.curves)
        path = self.paths.add((kind, curves))
        style = self.styles.add(item.style)
        marks = tuple(self._add_points(np.vstack([item.anchor, item.gradient])))
        return self.items.add((path, style, item.flags, marks))

    def _add_points(self, points: Floats) -> list[int]:
        width = points.shape[1]
        grid = np.round(points / self._units[width]).astype(int).tolist()
        table = self.points[width]
        return [table.add(tuple(row)) for row in grid]

    def is_full(self) -> bool:
        tables = (*self.points.values(), self.paths, self.styles, self.items)
        return any(len(table.rows) > MOST_ROWS for table in tables)


def _find_unit(arrays: Sequence[Floats]) -> float:
    largest = max((float(abs(a).max()) for a in arrays if a.size), default=1.0)
    return max(_FINEST, largest / _STEPS)


def _pack(moments: Sequence[_Seen], fps: float) -> bytes | None:
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
                Moment(
                    step=moment.step,
                    end_s=round(moment.frames / fps, 4),
                    camera=moment.camera,
                    items=len(listed),
                )
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
        "points": [value for point in tables.points[3].rows for value in point],
        "points_4d": [value for point in tables.points[4].rows for value in point],
        "path_curves": [len(curves) for _, curves in paths],
        "path_kinds": [kind for kind, _ in paths],
        "curve_corners": [len(corners) for _, corners in curves],
        "curve_flags": [flags for flags, _ in curves],
        "corners": [corner for _, corners in curves for corner in corners],
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
        "moment_items": shown,
    }
    return {column.name: _store(column, values[column.name]) for column in COLUMNS}


def _store(column: Column, values: list[int] | bytes) -> array[int]:
    """Return a column as it is stored: as it is, or as differences, which wrap around."""
    if not column.is_differences:
        return array(column.code, values)
    rows = np.array(list(values), dtype=np.int64).reshape(-1, column.width)
    steps = np.diff(rows.T.ravel(), prepend=0)
    return array(column.code, steps.astype(column.code).tobytes())
