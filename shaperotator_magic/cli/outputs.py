"""What a result's file may be called: no picture in a video's name, and no video in a picture's.

Runs in a command's process.
"""

from __future__ import annotations

from pathlib import Path

from shaperotator_magic.core.errors import ConfigurationError

_VIDEOS = frozenset({".mp4", ".mov", ".webm", ".mkv", ".gif"})
_PICTURES = frozenset({".png", ".jpg", ".jpeg"})


def check_kind(target: Path | None, *, is_still: bool) -> None:
    """Refuse a name whose suffix is of another kind of file.

    Raises
    ------
    ConfigurationError
        The name ends as a video's where a still is made, or the other way round.
    """
    suffix = target.suffix.lower() if target else ""
    if is_still and suffix in _VIDEOS:
        raise ConfigurationError(
            f"A still is a PNG, and {target} would be named as a video.",
            hint="Name it .png. For a video leave out --still, or config.save_last_frame in it.",
            setting="output",
        )
    if not is_still and suffix in _PICTURES:
        raise ConfigurationError(
            f"A video is made, and {target} would be named as a picture.",
            hint="Name it .mp4, or add --still for the last frame.",
            setting="output",
        )
