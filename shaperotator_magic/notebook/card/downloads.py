"""The files that a page can have of a result besides what is embedded: the original, GIF, SVG.

Runs in the user's kernel.
"""

from __future__ import annotations

import functools
from pathlib import Path

from shaperotator_magic.core.errors import GenerationNotFoundError
from shaperotator_magic.core.records import RenderedVideo
from shaperotator_magic.rendering.video.transcoding import build_gif

PART_BYTES = 600_000
"""Jupyter's server passes on a megabyte a second as a rule, and base64 adds a third."""


def read_file(video: RenderedVideo, wanted: str) -> tuple[str, bytes]:
    """Return the media type and the bytes of a file.

    Parameters
    ----------
    video
        The result's video or still.
    wanted
        ``original``, ``gif`` or ``svg``.

    Raises
    ------
    GenerationNotFoundError
        There is none of this kind.
    """
    if wanted == "original":
        return video.media_type, video.path.read_bytes()
    if wanted == "gif" and video.media_type == "video/mp4":
        return "image/gif", _build_gif(video.path)
    if wanted == "svg" and video.svg_path.exists():
        return "image/svg+xml", video.svg_path.read_bytes()
    raise GenerationNotFoundError(
        f"This result cannot be had as {wanted or 'a file'}.",
        hint="A video can be had as original and gif, a still of --still as original and svg.",
    )


@functools.lru_cache(maxsize=1)
def _build_gif(path: Path) -> bytes:
    """Build it once for all its parts."""
    return build_gif(path)
