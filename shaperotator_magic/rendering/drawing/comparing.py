"""Two points are compared without numpy: the same result in a tenth of the time.

manim compares points tens of thousands of times in a scene, to find where a path breaks. numpy's
``allclose`` is made for large arrays and takes 20 microseconds for three numbers.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stand_ins.installed import replace

_RELATIVE_TOLERANCE = 1e-5  # of numpy.allclose


def install() -> None:
    """Install this comparison in manim."""
    replace("compare points", _build_are_equal)


def _build_are_equal(stock: Callable[..., Any]) -> Callable[..., bool]:
    def are_equal(vmobject: Any, some: Any, other: Any) -> bool:
        is_plain = type(some) is np.ndarray and type(other) is np.ndarray
        if is_plain and some.ndim == 1 and some.shape == other.shape:
            return are_close(some.tolist(), other.tolist(), vmobject.tolerance_for_point_equality)
        return bool(stock(vmobject, some, other))

    return are_equal


def are_close(some: list[float], other: list[float], tolerance: float) -> bool:
    """Return what ``numpy.allclose(some, other, atol=tolerance)`` returns for two lists."""
    for a, b in zip(some, other, strict=True):
        if a == b:
            continue
        if not math.isfinite(b) or not abs(a - b) <= tolerance + _RELATIVE_TOLERANCE * abs(b):
            return False
    return True
