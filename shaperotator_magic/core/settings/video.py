"""How large a video is, and of how many frames a second: names, and sizes in words. Pure.

Runs in every process.
"""

from __future__ import annotations

from shaperotator_magic.core.errors import ConfigurationError

QUALITIES: dict[str, tuple[int, int, int]] = {
    # name: width in pixels, height in pixels, frames per second; manim's own presets
    "low": (854, 480, 15),
    "medium": (1280, 720, 30),
    "high": (1920, 1080, 60),
    "production": (2560, 1440, 60),
    "fourk": (3840, 2160, 60),
}
QUALITY_LETTERS = {"l": "low", "m": "medium", "h": "high", "p": "production", "k": "fourk"}


def read_pixel_size(quality: str, resolution: str | None) -> tuple[int, int]:
    """Return width and height in pixels; both even, as H.264 needs.

    Raises
    ------
    ConfigurationError
        ``resolution`` is neither ``720p`` nor ``1280x720``, or outside 64..7680.
    """
    if not resolution:
        return QUALITIES[quality][:2]
    text = resolution.strip().lower().removesuffix("p")
    width_text, _, height_text = text.replace(",", "x").rpartition("x")
    try:
        height = int(height_text)
        width = int(width_text) if width_text else round(height * 16 / 9)
    except ValueError:
        width = height = 0
    if not (64 <= width <= 7680 and 64 <= height <= 4320):  # noqa: PLR2004 - stated above
        raise ConfigurationError(
            f"Resolution {resolution!r} is not understood.",
            hint="Write a height such as 720p, or width x height such as 1280x720.",
            setting="resolution",
        )
    return width + width % 2, height + height % 2
