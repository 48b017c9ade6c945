"""Colours are set and interpolated as arrays, without a list or a parser for a single colour.

manim sets fill, stroke and background several times for each mobject, by way of lists of colours
and opacities. One colour with one opacity is one row of four numbers. Everything else (gradients,
sheen, lists of colours) is left to manim.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import NoneType
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stand_ins.installed import replace
from shaperotator_magic.rendering.stand_ins.stock_types import StockTypes

Method = Callable[..., Any]

_FLOAT = np.dtype(np.float64)
_RGBA = 4
_OPACITIES = frozenset({NoneType, float, int, np.float64})
_MOST_KNOWN = 500  # mixtures
_SHARES = frozenset({float, int, np.float64})
_ARRAYS = operator.attrgetter(
    "fill_rgbas", "stroke_rgbas", "background_stroke_rgbas", "sheen_direction"
)
_NUMBERS = ("stroke_width", "background_stroke_width", "sheen_factor")


def install() -> None:
    """Install these methods in manim's classes."""
    replace("make colors", _build_generate)
    replace("set colors", _build_update)
    replace("interpolate colors", _build_interpolate)
    replace("fill colors", _build_fill_colors)
    replace("stroke colors", _build_stroke_colors)


def _build_generate(stock: Method) -> Method:
    read_plain = _build_read_plain()

    def generate_rgbas_array(vmobject: Any, color: Any, opacity: Any) -> Any:
        rgba = read_plain(color, opacity)
        if rgba is None or vmobject.get_sheen_factor() != 0:
            return stock(vmobject, color, opacity)
        rgbas = np.empty((1, 4))
        rgbas[0] = rgba
        rgbas[0, 3] = 0.0 if opacity is None else opacity
        return rgbas

    return generate_rgbas_array


def _build_update(stock: Method) -> Method:
    from manim.mobject.types.vectorized_mobject import VMobject

    read_plain = _build_read_plain()
    plain = StockTypes(VMobject, "generate_rgbas_array")

    def update_rgbas_array(
        vmobject: Any, array_name: str, color: Any = None, opacity: Any = None
    ) -> Any:
        current = vmobject.__dict__.get(array_name)
        if type(current) is not np.ndarray or not len(current) or not plain[type(vmobject)]:
            return stock(vmobject, array_name, color, opacity)
        rgba = read_plain(color, opacity)
        if rgba is None or vmobject.get_sheen_factor() != 0:
            return stock(vmobject, array_name, color, opacity)
        if color is not None:
            current[:, :3] = rgba[:3]
        if opacity is not None:
            current[:, 3] = opacity
        return vmobject

    return update_rgbas_array


def _build_read_plain() -> Callable[[Any, Any], Any]:
    from manim.utils.color import BLACK, ManimColor

    def read_plain(color: Any, opacity: Any) -> Any:
        """Return the array of a color that is only one, with only one opacity; otherwise None."""
        if type(opacity) not in _OPACITIES:
            return None
        if type(color) is ManimColor:
            return color._internal_value
        if color is None:
            return BLACK._internal_value
        return ManimColor(color)._internal_value if type(color) is str else None

    return read_plain


def _build_fill_colors(stock: Method) -> Method:
    read_rows = _build_read_rows()

    def get_fill_colors(vmobject: Any) -> list[Any]:
        found = read_rows(vmobject.get_fill_rgbas())
        return stock(vmobject) if found is None else found

    return get_fill_colors


def _build_stroke_colors(stock: Method) -> Method:
    read_rows = _build_read_rows()

    def get_stroke_colors(vmobject: Any, background: bool = False) -> list[Any]:
        found = read_rows(vmobject.get_stroke_rgbas(background))
        return stock(vmobject, background) if found is None else found

    return get_stroke_colors


def _build_read_rows() -> Callable[[Any], list[Any] | None]:
    from manim.utils.color import ManimColor

    def make(rgba: Any) -> Any:
        made = object.__new__(ManimColor)
        made._ManimColor__value = value = rgba.copy()  # type: ignore[attr-defined]
        value[3] = 1.0
        return made

    def read_rows(rgbas: Any) -> list[Any] | None:
        """Return the colors of an array, as ``ManimColor(row[:3])`` makes them."""
        if type(rgbas) is not np.ndarray or rgbas.dtype is not _FLOAT:
            return None
        if rgbas.shape[1:] != (_RGBA,):
            return None
        return [make(rgba) if rgba.any() else None for rgba in rgbas]

    return read_rows


def _build_interpolate(stock: Method) -> Method:
    # Letters of a word, faces of a surface: nearly all are between the same two styles.
    known: dict[Any, Any] = {}

    def interpolate_color(vmobject: Any, mobject1: Any, mobject2: Any, alpha: Any) -> Any:
        starts, ends = _read_arrays(mobject1), _read_arrays(mobject2)
        if starts is None or ends is None or type(alpha) not in _SHARES:
            return stock(vmobject, mobject1, mobject2, alpha)
        key = (alpha, *[array.tobytes() for array in (*starts, *ends)])
        mixed = known.get(key)
        if mixed is None:
            try:
                mixed = _mix(_flatten(*starts), _flatten(*ends), float(alpha))
            except (TypeError, ValueError):  # several colors
                return stock(vmobject, mobject1, mobject2, alpha)
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[key] = mixed
        mixed = mixed.copy()
        rows = mixed[:12].reshape(3, 4)
        vmobject.fill_rgbas = rows[0:1]
        vmobject.stroke_rgbas = rows[1:2]
        vmobject.background_stroke_rgbas = rows[2:3]
        vmobject.sheen_direction = mixed[12:]
        _set_numbers(vmobject, mobject1, mobject2, alpha)
        return vmobject

    return interpolate_color


def _read_arrays(vmobject: Any) -> tuple[Any, ...] | None:
    """Return three arrays of colors and the sheen direction; None where one has another form."""
    try:
        fill, stroke, background, direction = _ARRAYS(vmobject)
        is_plain = fill.dtype is stroke.dtype is background.dtype is direction.dtype is _FLOAT
    except AttributeError:
        return None
    return (fill, stroke, background, direction) if is_plain else None


def _flatten(fill: Any, stroke: Any, background: Any, direction: Any) -> list[float]:
    ((r1, g1, b1, a1),) = fill.tolist()
    ((r2, g2, b2, a2),) = stroke.tolist()
    ((r3, g3, b3, a3),) = background.tolist()
    x, y, z = direction.tolist()
    return [r1, g1, b1, a1, r2, g2, b2, a2, r3, g3, b3, a3, x, y, z]


def _mix(starts: list[float], ends: list[float], share: float) -> Any:
    if share == 1:  # no product: a number may be infinite
        return np.array(ends)
    rest = 1 - share
    return np.array([rest * a + share * b for a, b in zip(starts, ends, strict=True)])


def _set_numbers(vmobject: Any, first: Any, second: Any, alpha: Any) -> None:
    rest = 1 - alpha
    for name in _NUMBERS:
        end = getattr(second, name)
        mixed = rest * getattr(first, name) + alpha * end
        if alpha != 1:
            setattr(vmobject, name, mixed)
        else:
            setattr(vmobject, name, end.copy() if isinstance(end, np.ndarray) else end)
