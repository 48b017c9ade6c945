"""Interpolation between mobjects in compiled code: one call for a whole animation.

Runs in a scene's process only. The C extension ``_objects`` is optional; without it manim's own
methods interpolate, with the colours of ``styling.py``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from shaperotator_magic.rendering.stand_ins.installed import replace
from shaperotator_magic.rendering.stand_ins.stock_types import StockTypes

Method = Callable[..., Any]

_MANIMS_RATES = "manim.utils.rate_functions"


def install() -> None:
    """Install this interpolation for vector mobjects, where the extension was built."""
    extension = load_extension("_objects")
    if extension is not None:
        replace("interpolate", functools.partial(_build_interpolate, extension))
        replace("transform", functools.partial(_build_transform, extension))


def _build_interpolate(extension: Any, stock: Method) -> Method:
    from manim.mobject.types.vectorized_mobject import VMobject
    from manim.utils.paths import straight_path

    plain = StockTypes(VMobject, "interpolate", "interpolate_color")
    straight = straight_path()

    def interpolate(
        mobject: Any, mobject1: Any, mobject2: Any, alpha: Any, path_func: Any = straight
    ) -> Any:
        is_plain = path_func is straight and plain[type(mobject)]
        if is_plain and extension.mix(mobject, mobject1, mobject2, alpha, np.ndarray):
            return mobject
        return stock(mobject, mobject1, mobject2, alpha, path_func)

    return interpolate


def _build_transform(extension: Any, stock: Method) -> Method:
    from manim.animation.transform import Transform
    from manim.mobject.types.vectorized_mobject import VMobject
    from manim.utils.paths import straight_path

    plain = StockTypes(VMobject, "interpolate", "interpolate_color")
    plain_animations = StockTypes(Transform, "interpolate_submobject")
    asked_alike = StockTypes(Transform, "get_sub_alpha")
    straight = straight_path()

    def interpolate_mobject(animation: Any, alpha: Any) -> Any:
        kind = type(animation)
        if not plain_animations[kind] or animation.path_func is not straight:
            return stock(animation, alpha)
        families = list(animation.get_all_families_zipped())
        count = len(families)
        is_together = animation.lag_ratio == 0 and asked_alike[kind]
        if is_together and getattr(animation.rate_func, "__module__", "") == _MANIMS_RATES:
            shares = [animation.get_sub_alpha(alpha, 0, count)] * count
        else:
            shares = [animation.get_sub_alpha(alpha, index, count) for index in range(count)]
        leave = animation.interpolate_submobject
        extension.mix_all(families, shares, plain, leave, np.ndarray)
        return None

    return interpolate_mobject
