"""The plain picture that every frame begins with, filled a pixel at a time.

manim fills it a channel at a time, which takes two hundredths of a second at 1080p: as long as
drawing a frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stock_types import replace

_CHANNELS = 4  # red, green, blue and opacity


def install() -> None:
    """Let cameras fill their background faster; what has a picture is left to manim."""
    from manim.camera.camera import Camera

    replace(Camera, "init_background", _build_init)


def _build_init(stock: Callable[..., None]) -> Callable[..., None]:
    from manim.utils.color import color_to_int_rgba

    def init_background(camera: Any) -> None:
        if camera.background_image is not None or camera.n_channels != _CHANNELS:
            stock(camera)
            return
        color = color_to_int_rgba(camera.background_color, camera.background_opacity)
        pixel = np.asarray(color).astype(camera.pixel_array_dtype)
        shape = camera.pixel_height, camera.pixel_width
        filled = np.full(shape, pixel.view(f"V{pixel.nbytes}")[0])
        camera.background = filled.view(pixel.dtype).reshape(*shape, _CHANNELS)

    return init_background
