"""Faster drawing for manim's Cairo camera, in Python and numpy, with the same pixels.

manim hands cairo a path point by point from Python, twice a curve per frame. Here numpy lays the
whole path of one object out as cairo's own path data and one call appends it; what is invisible
is not drawn at all. The operations that cairo sees, their order and their numbers are the same,
so are the pixels (``tests/test_drawing.py`` compares them frame by frame).

pycairo has no call that takes a path from an array, so libcairo's ``cairo_append_path`` is called
through ctypes. ``install`` tries that on a small picture first and changes nothing where the
result differs from pycairo's own (another pycairo build, another platform).

Source of the layout: cairo's manual, section "Paths" (``cairo_path_data_t``: 16 bytes, a header
of type and length followed by points of two doubles).

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shaperotator_magic.rendering.drawing.compiled.compiled_drawing import CompiledDrawing
from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from shaperotator_magic.rendering.drawing.deferred_frames import DeferredRasterizer
from shaperotator_magic.rendering.stand_ins.installed import are_on, replace

if TYPE_CHECKING:
    import cairo
    from manim.camera.camera import Camera
    from manim.mobject.types.vectorized_mobject import VMobject

Points = npt.NDArray[np.float64]
PlanePoints = npt.NDArray[np.complex128]

_MOVE_TO, _CURVE_TO, _CLOSE_PATH = 0, 2, 3
_HEADER_LENGTH = {_MOVE_TO: 2, _CURVE_TO: 4, _CLOSE_PATH: 1}
_POINTS_PER_CURVE = 4
_RELATIVE_TOLERANCE = 1.0e-5  # numpy.isclose's own, which manim's comparison of points uses


class _CairoPath(ctypes.Structure):
    _fields_ = (
        ("status", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("num_data", ctypes.c_int),
    )


def _header(kind: int) -> float:
    """Return cairo's path header of this kind, its two ints read as one double."""
    return float(np.array([kind, _HEADER_LENGTH[kind]], dtype=np.int32).view(np.float64)[0])


_HEADERS = {kind: _header(kind) for kind in _HEADER_LENGTH}


class PathWriter:
    """Appends Bézier paths to cairo contexts, one foreign call a path.

    The buffer is reused from path to path: cairo copies what it is given.
    """

    def __init__(self) -> None:
        name = ctypes.util.find_library("cairo") or "libcairo.so.2"
        library = ctypes.CDLL(name)
        self._append = library.cairo_append_path
        self._append.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
        self._append.restype = None
        self._grow(4096)

    def _grow(self, rows: int) -> None:
        self._buffer = np.zeros(rows, dtype=np.complex128)
        self._path = _CairoPath(0, self._buffer.ctypes.data, 0)
        self._path_address = ctypes.addressof(self._path)

    def append(self, address: int, points: PlanePoints, splits: Splits) -> None:
        """Append the subpaths of a path of 4k points to the context at ``address``."""
        rows = splits.n_rows
        if rows > len(self._buffer):
            self._grow(2 * rows)
        buffer = self._buffer[:rows]
        points.take(splits.sources, out=buffer, mode="clip")
        buffer[splits.header_rows] = splits.headers
        self._path.num_data = rows
        self._append(address, self._path_address)


class Splits:
    """Where the points of one path go in cairo's path data; the same for every path so built.

    Parameters
    ----------
    firsts, lasts
        Index of every subpath's first point, and of the point after its last.
    closed
        Whether it is closed.
    """

    def __init__(
        self, firsts: tuple[int, ...], lasts: tuple[int, ...], closed: tuple[bool, ...]
    ) -> None:
        sources: list[int] = []
        header_rows: list[int] = []
        headers: list[float] = []

        def put(kind: int, *points: int) -> None:
            header_rows.append(len(sources))
            headers.append(_HEADERS[kind])
            sources.extend((0, *points))

        for first, last, is_closed in zip(firsts, lasts, closed, strict=True):
            put(_MOVE_TO, first)
            for start in range(first, last, _POINTS_PER_CURVE):
                put(_CURVE_TO, start + 1, start + 2, start + 3)
            if is_closed:
                put(_CLOSE_PATH)
        self.n_rows = len(sources)
        self.sources = np.array(sources, dtype=np.intp)
        self.header_rows = np.array(header_rows, dtype=np.intp)
        self.headers = np.array(headers, dtype=np.complex128)


_build_splits = functools.lru_cache(maxsize=4096)(Splits)


def project(points: Points) -> PlanePoints:
    """Return x + iy of (n, 3) points: one number a point, in the layout of cairo's points."""
    return np.ascontiguousarray(points[:, :2]).view(np.complex128).ravel()


def find_splits(points: PlanePoints, tolerance: float) -> Splits | None:
    """Return the subpaths of a manim path, None where it has no curve.

    A subpath ends where a curve's end and the next one's start differ in x or y by more than
    ``tolerance + 1e-5 |start|``, and is closed where its own ends do not (manim's rule).
    """
    usable = len(points) - len(points) % _POINTS_PER_CURVE
    if usable == 0:
        return None
    ends, starts = points[3 : usable - 1 : 4], points[4:usable:4]
    breaks = [
        _POINTS_PER_CURVE * (index + 1)
        for index in (ends != starts).nonzero()[0].tolist()
        if not _is_close(complex(ends[index]), complex(starts[index]), tolerance)
    ]
    firsts, lasts = [0, *breaks], [*breaks, usable]
    opening, closing = points[firsts].tolist(), points[[last - 1 for last in lasts]].tolist()
    return _build_splits(
        tuple(firsts),
        tuple(lasts),
        tuple(_is_close(o, c, tolerance) for o, c in zip(opening, closing, strict=True)),
    )


def _is_close(a: complex, b: complex, tolerance: float) -> bool:
    return a == b or (
        abs(a.real - b.real) <= tolerance + _RELATIVE_TOLERANCE * abs(b.real)
        and abs(a.imag - b.imag) <= tolerance + _RELATIVE_TOLERANCE * abs(b.imag)
    )


class FastDrawing:
    """What replaces the camera's drawing of plain vector objects."""

    def __init__(self) -> None:
        from manim.camera.camera import CAP_STYLE_MAP, LINE_JOIN_MAP

        self._writer = PathWriter()
        self._joins = LINE_JOIN_MAP
        self._caps = CAP_STYLE_MAP

    def draw_all(self, camera: Camera, vmobjects: Iterable[VMobject], pixels: Any) -> None:
        """Stand in for ``Camera.display_multiple_non_background_colored_vmobjects``."""
        context = camera.get_cairo_context(pixels)
        address = _find_address(context)
        for vmobject in vmobjects:
            self.draw_one(camera, vmobject, context, address)

    def draw_one(
        self, camera: Camera, vmobject: VMobject, context: cairo.Context[Any], address: int
    ) -> None:
        """Draw one object on the context, whose ``cairo_t *`` is at ``address``."""
        layers = [
            (rgbas, width)
            for rgbas, width in (
                self._find_stroke(camera, vmobject, is_background=True),
                (camera.get_fill_rgbas(vmobject), None),
                self._find_stroke(camera, vmobject, is_background=False),
            )
            if rgbas is not None and rgbas[:, 3].any()
        ]
        if not layers:
            return
        points = project(camera.transform_points_pre_display(vmobject, vmobject.points))
        splits = find_splits(points, vmobject.tolerance_for_point_equality)
        if splits is None:
            return
        context.new_path()
        self._writer.append(address, points, splits)
        for rgbas, width in layers:
            _set_source(camera, vmobject, context, rgbas)
            if width is None:
                context.fill_preserve()
                continue
            context.set_line_width(width * camera.cairo_line_width_multiple)
            context.set_line_join(self._joins[vmobject.joint_type])
            context.set_line_cap(self._caps[vmobject.cap_style])
            context.stroke_preserve()

    @staticmethod
    def _find_stroke(camera: Camera, vmobject: VMobject, *, is_background: bool) -> tuple[Any, Any]:
        width = vmobject.get_stroke_width(is_background)
        if width == 0:
            return None, None
        return camera.get_stroke_rgbas(vmobject, background=is_background), width


def _set_source(
    camera: Camera, vmobject: VMobject, context: cairo.Context[Any], rgbas: Any
) -> None:
    if len(rgbas) == 1:
        red, green, blue, alpha = rgbas[0].tolist()
        # Manim's pixels are RGBA where cairo writes BGRA, so red and blue change places.
        context.set_source_rgba(blue, green, red, alpha)
    else:
        camera.set_cairo_context_color(context, rgbas, vmobject)


def install(*, use_extension: bool = True) -> str:
    """Make manim's cameras draw this way; return what draws now.

    Parameters
    ----------
    use_extension
        Take the compiled drawing where it was built.

    Returns
    -------
    str
        ``compiled``, ``python``, or ``manim`` where manim's sources or pycairo's layout are not
        known and nothing was changed.
    """
    if not are_on("draw", "cairo path") or not is_layout_known():
        return "manim"
    extension = load_extension("_drawing") if use_extension else None
    if extension is not None:
        install_compiled(extension)
        return "compiled"
    replace("draw", _as_method(FastDrawing().draw_all))
    return "python"


def install_compiled(extension: Any) -> CompiledDrawing:
    """Make manim's cameras draw with the C extension, and defer the rasterisation of frames."""
    compiled = CompiledDrawing(extension, FastDrawing().draw_one, _find_address)
    replace("draw", _as_method(compiled.draw_all))
    replace("capture", _as_method(compiled.capture))
    replace("find by depth", _as_method(compiled.find_by_depth))
    replace("find shown", _as_method(compiled.find_shown))
    DeferredRasterizer(compiled).install()
    return compiled


def _as_method(stand_in: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    """Return what ``replace`` builds a method of: it hands the camera on."""

    def method(camera: Any, *args: Any, **options: Any) -> Any:
        return stand_in(camera, *args, **options)

    return lambda _: method


def is_layout_known() -> bool:
    """Draw one curve by pycairo and by cairo's path data; return whether the pixels agree."""
    import cairo

    surfaces = [cairo.ImageSurface(cairo.FORMAT_ARGB32, 16, 16) for _ in range(2)]
    plain, fast = (cairo.Context(surface) for surface in surfaces)
    plain.move_to(2, 2)
    plain.curve_to(14, 2, 14, 14, 2, 14)
    plain.close_path()
    points = np.array([2 + 2j, 14 + 2j, 14 + 14j, 2 + 14j])
    try:
        PathWriter().append(_find_address(fast), points, Splits((0,), (4,), (True,)))
    except (OSError, AttributeError):  # no libcairo of that name, or without the call
        return False
    for context in (plain, fast):
        context.fill()
    return bytes(surfaces[0].get_data()) == bytes(surfaces[1].get_data())


def _find_address(context: cairo.Context[Any]) -> int:
    """Return the ``cairo_t *`` that follows the object header of a pycairo context."""
    field = ctypes.c_void_p.from_address(id(context) + object.__basicsize__)
    return field.value or 0
