"""A pack's mark: a picture or a few words in a corner, under everything that a scene draws.

It becomes part of the camera's background, which is filled once, so that no frame costs more.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

_MARGIN = 0.3
_LARGER = 4  # a mark of lines is drawn so many times as large, and then made smaller
_CHANNELS = 4


def install_mark(mark: Mapping[str, Any]) -> Iterator[Callable[[], None]]:
    """Let every camera have a mark in its background; yields what undoes it."""
    from manim import Camera

    stock = Camera.init_background
    draw = functools.cache(functools.partial(_draw_mark, mark))

    @functools.wraps(stock)
    def init_background(camera: Any) -> None:
        stock(camera)
        if camera.n_channels == _CHANNELS and camera.background_opacity > 0:
            per_unit = camera.pixel_height / camera.frame_height
            picture = draw(max(1, round(mark["height"] * per_unit)))
            _place(camera.background, picture, mark, max(1, round(_MARGIN * per_unit)))

    Camera.init_background = init_background  # type: ignore[method-assign, assignment]
    yield functools.partial(setattr, Camera, "init_background", stock)


def has_mark(camera: Any) -> bool:
    """Return whether a camera's background is more than one colour."""
    return bool((camera.background != camera.background[0, 0]).any())


def _draw_mark(mark: Mapping[str, Any], height: int) -> Any:
    """Return a mark as rows of pixels, red, green, blue and opacity."""
    from PIL import Image

    if mark["image"].endswith(".svg"):
        picture = _draw_vectors(_load_drawing(mark["image"]), height)
    elif mark["image"]:
        with Image.open(mark["image"]) as opened:
            picture = opened.convert("RGBA")
    else:
        picture = _draw_vectors(_set_words(mark["text"]), height)
    width = max(1, round(picture.width * height / picture.height))
    return np.asarray(picture.resize((width, height), Image.Resampling.LANCZOS))


def _load_drawing(file: str) -> Any:
    from manim import SVGMobject

    return SVGMobject(file)


def _set_words(words: str) -> Any:
    from manim import Text

    return Text(words)


def _draw_vectors(mobject: Any, height: int) -> Any:
    """Return a picture of a mobject on nothing, larger than it is needed."""
    from manim import Camera
    from PIL import Image

    pixels = height * _LARGER
    camera = Camera(
        background_opacity=0,
        frame_height=mobject.height,
        frame_width=mobject.width,
        pixel_height=pixels,
        pixel_width=max(1, round(pixels * mobject.width / mobject.height)),
    )
    camera.capture_mobjects([mobject.center()])
    return Image.fromarray(np.array(camera.pixel_array), "RGBA")


def _place(background: Any, picture: Any, mark: Mapping[str, Any], margin: int) -> None:
    """Blend a picture into a corner of a background, as far as it fits."""
    height = min(picture.shape[0], background.shape[0] - margin)
    width = min(picture.shape[1], background.shape[1] - margin)
    side, edge = mark["corner"].split()[1], mark["corner"].split()[0]
    rows = slice(margin, margin + height) if edge == "top" else slice(-margin - height, -margin)
    columns = slice(margin, margin + width) if side == "left" else slice(-margin - width, -margin)
    over, under = picture[:height, :width].astype(float), background[rows, columns]
    share = over[:, :, 3:] / 255 * mark["opacity"]
    under[:, :, :3] = np.rint(over[:, :, :3] * share + under[:, :, :3] * (1 - share))
