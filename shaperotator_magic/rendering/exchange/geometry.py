"""The file with the shapes that a scene in space shows while its animations pass.

A render process writes it beside the video, and a page draws it from any side. It holds numbers
alone, in tables that the moments share: points of a grid of 2^16 steps, paths through them, styles,
and items, which are a path in a style. After the four letters ``SRG1`` comes one zlib stream: the
length of a JSON header, the header, and the columns of ``COLUMNS`` one after the other, little
endian. ``docs/explore.md`` describes the columns. Those that are ``is_differences`` hold the first
value and then what has to be added, a place in the row after the other: so they compress well.

Imports nothing heavy: who orders a render needs neither manim nor NumPy to check what it left.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import itertools
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from shaperotator_magic.core.records import Record

GEOMETRY_NAME = "geometry.srg"
"""Where a render leaves the shapes, in its folder."""
LARGEST_GEOMETRY_BYTES = 150_000
_LARGEST_PAYLOAD_BYTES = 6_000_000
_LARGEST_HEADER_BYTES = 100_000
_MAGIC = b"SRG1"
MOST_ROWS = 65_535

_Finite = Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)]
_Positive = Annotated[float, Field(allow_inf_nan=False, gt=0, le=1e9)]
_Rows = Annotated[int, Field(ge=0, le=MOST_ROWS, strict=True)]
_Point = tuple[_Finite, _Finite, _Finite]
_Channel = Annotated[int, Field(ge=0, le=255, strict=True)]


class CameraView(Record):
    """How the scene looks at its shapes: as a ThreeDCamera does, or flat, along the z-axis.

    Angles in radians, lengths in manim's units.
    """

    kind: Literal["space", "flat"]
    frame: tuple[_Positive, _Positive]
    center: _Point = (0.0, 0.0, 0.0)
    phi: _Finite = 0.0
    theta: _Finite = 0.0
    gamma: _Finite = 0.0
    focal: _Positive = 20.0
    zoom: _Positive = 1.0
    is_exponential: bool = False
    background: tuple[_Channel, _Channel, _Channel]


class Projection(Record):
    """How points with four coordinates become the points that the scene shows.

    A point (x, y, z, w) is drawn from an eye at ``eye`` on the w-axis, None for parallel rays;
    then turned in space by the rows of ``turn``; then, where ``eye_3d`` is given, drawn from an
    eye there on the z-axis, onto the plane of the screen; then moved by ``center``.
    """

    eye: _Positive | None = None
    turn: tuple[_Point, _Point, _Point] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    eye_3d: _Positive | None = None
    center: _Point = (0.0, 0.0, 0.0)


class Moment(Record):
    """What is shown in a frame: so many rows of ``moment_items``, the hindmost first.

    ``step`` is the step that the frame belongs to, ``end_s`` when the frame ends.
    """

    step: Annotated[int, Field(ge=0, le=100_000, strict=True)]
    end_s: Annotated[float, Field(allow_inf_nan=False, ge=0, le=1e6)]
    camera: CameraView
    items: _Rows


class Counts(Record):
    """How many rows the tables have."""

    points: _Rows
    points_4d: _Rows
    paths: _Rows
    curves: _Rows
    corners: _Rows
    styles: _Rows
    colors: _Rows
    items: _Rows


class Header(Record):
    """What stands before the columns; ``unit`` is the step of the grid of points."""

    version: Literal[2] = 2
    unit: _Positive
    unit_4d: _Positive = 1.0
    counts: Counts
    projections: Annotated[tuple[Projection, ...], Field(max_length=254)] = ()
    moments: Annotated[tuple[Moment, ...], Field(min_length=1, max_length=200)]


@dataclass(frozen=True)
class Column:
    """A column: its name, the letter of its type as in ``array``, and how many values a row has."""

    name: str
    code: Literal["h", "H", "B"]
    table: str
    width: int = 1
    is_differences: bool = False


COLUMNS = (
    Column("points", "h", "points", 3, is_differences=True),
    Column("points_4d", "h", "points_4d", 4, is_differences=True),
    Column("path_curves", "H", "paths"),
    Column("path_kinds", "B", "paths"),
    Column("curve_corners", "H", "curves"),
    Column("curve_flags", "B", "curves"),
    Column("corners", "H", "corners", is_differences=True),
    Column("style_stops", "B", "styles", 3),
    Column("style_widths", "H", "styles", 2),
    Column("style_ends", "B", "styles", 2),
    Column("colors", "B", "colors", 4, is_differences=True),
    Column("item_paths", "H", "items", is_differences=True),
    Column("item_styles", "H", "items", is_differences=True),
    Column("item_flags", "B", "items"),
    Column("item_points", "H", "items", 3, is_differences=True),
    Column("moment_items", "H", "moments", is_differences=True),
)
IS_CLOSED, IS_STRAIGHT = 1, 2
"""Flags of a curve."""
FREE, FACING, FIXED, BY_DEPTH = 0, 1, 2, 4
"""Flags of an item: free in space, a label that faces the viewer, or a part of the frame; and
whether it is drawn by its depth."""
LARGEST_FLAGS = BY_DEPTH | FIXED

Columns = Mapping[str, "array[int]"]


class GeometryError(ValueError):
    """A file that holds no shapes as they are described here."""


def pack_geometry(header: Header, columns: Columns) -> bytes:
    """Return the file; differences are taken already."""
    text = header.model_dump_json().encode()
    payload = bytearray(struct.pack("<I", len(text)) + text)
    for column in COLUMNS:
        payload += _little_endian(columns[column.name]).tobytes()
    return _MAGIC + zlib.compress(bytes(payload), 9)


def check_geometry(content: bytes) -> Header:
    """Return the header of a file in which every number is in its place.

    A scene's process wrote it, so nothing is believed of it.

    Raises
    ------
    GeometryError
        It is foreign, damaged or too large; the message says what was seen first.
    """
    payload = _unpack(content)
    header, at = _read_header(payload)
    columns = _read_columns(header, payload[at:])
    _check_rows(header, columns)
    return header


def _unpack(content: bytes) -> bytes:
    if len(content) > LARGEST_GEOMETRY_BYTES:
        raise GeometryError(f"it has {len(content)} bytes")
    if not content.startswith(_MAGIC):
        raise GeometryError("it begins otherwise")
    stream = zlib.decompressobj()
    try:
        payload = stream.decompress(content[len(_MAGIC) :], _LARGEST_PAYLOAD_BYTES)
    except zlib.error as exc:
        raise GeometryError("it cannot be decompressed") from exc
    if not stream.eof or stream.unused_data:
        raise GeometryError("it is cut off, longer than it says, or too large")
    return payload


def _read_header(payload: bytes) -> tuple[Header, int]:
    if len(payload) < struct.calcsize("<I"):
        raise GeometryError("it has no header")
    (length,) = struct.unpack_from("<I", payload)
    end = length + struct.calcsize("<I")
    if length > _LARGEST_HEADER_BYTES or end > len(payload):
        raise GeometryError("its header is too long")
    try:
        return Header.model_validate_json(payload[struct.calcsize("<I") : end], strict=True), end
    except ValidationError as exc:
        raise GeometryError("its header says something else") from exc


def _count_rows(header: Header, column: Column) -> int:
    if column.table == "moments":
        return sum(moment.items for moment in header.moments)
    count: int = getattr(header.counts, column.table)
    return count


def _read_columns(header: Header, content: bytes) -> dict[str, array[int]]:
    columns: dict[str, array[int]] = {}
    at = 0
    for column in COLUMNS:
        values: array[int] = array(column.code)
        size = _count_rows(header, column) * column.width * values.itemsize
        if at + size > len(content):
            raise GeometryError(f"its column {column.name} is cut off")
        values.frombytes(content[at : at + size])
        values = _little_endian(values)
        # Places may be any, so only what counts rows is added up.
        is_added = column.is_differences and column.code == "H"
        columns[column.name] = array("H", _add_up(values)) if is_added else values
        at += size
    if at != len(content):
        raise GeometryError("something follows its columns")
    return columns


def _little_endian(values: array[int]) -> array[int]:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values


def _check_rows(header: Header, columns: Columns) -> None:
    counts = header.counts
    _require(sum(columns["path_curves"]) == counts.curves, "paths")
    _require(sum(columns["curve_corners"]) == counts.corners, "curves")
    _require(sum(columns["style_stops"]) == counts.colors, "styles")
    _require(_are_below(columns["path_kinds"], len(header.projections) + 1), "kinds of paths")
    _require(_are_below(columns["item_paths"], counts.paths), "paths of items")
    _require(_are_below(columns["item_styles"], counts.styles), "styles of items")
    _require(_are_below(columns["item_points"], counts.points), "points of items")
    _require(_are_below(columns["style_ends"], 4), "ends of lines")
    _require(_are_below(columns["curve_flags"], IS_CLOSED + IS_STRAIGHT + 1), "flags of curves")
    kinds = (flags & ~BY_DEPTH for flags in columns["item_flags"])
    _require(all(kind in (FREE, FACING, FIXED) for kind in kinds), "flags of items")
    _require(_are_below(columns["moment_items"], counts.items), "items")
    _check_corners(header, columns)


def _check_corners(header: Header, columns: Columns) -> None:
    """Check which points the paths go through; those of paths in four dimensions lie elsewhere."""
    corners = columns["corners"]
    curves = zip(columns["curve_corners"], columns["curve_flags"], strict=True)
    at = 0
    for curve_count, kind in zip(columns["path_curves"], columns["path_kinds"], strict=True):
        limit = header.counts.points_4d if kind else header.counts.points
        for count, flags in itertools.islice(curves, curve_count):
            is_whole = flags & IS_STRAIGHT or count % 3 == 1
            _require(bool(count) and bool(is_whole), "curves")
            _require(_are_below(corners[at : at + count], limit), "corners")
            at += count


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise GeometryError(f"its {what} do not fit together")


def _are_below(values: Sequence[int], limit: int) -> bool:
    return not values or max(values) < limit


def _add_up(differences: Iterable[int]) -> list[int]:
    """Return the values of which these are the differences, modulo 2^16."""
    return [value & 0xFFFF for value in itertools.accumulate(differences)]
