"""The plain background of every frame is filled pixel by pixel, not channel by channel.

manim fills one channel after the other, which takes 20 ms at 1080p: as long as drawing a frame.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from shaperotator_magic.rendering.stand_ins.installed import replace

_CHANNELS = 4  # red, green, blue and opacity


def install() -> None:
    """Make cameras fill their background faster; manim itself handles background images."""
    replace("background", _build_init)


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
