"""The picture of a card: a video embedded as a data address, or linked, and its poster.

Runs in the user's kernel.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.core.records import RenderedVideo
from shaperotator_magic.notebook.card.embedding import choose_file

SHOWN_WIDTH_PX = 640


@dataclass(frozen=True)
class Media:
    """What the card shows: addresses of the picture, data: or relative, and its shown size."""

    address: str
    poster: str
    width_px: int
    height_px: int
    is_linked: bool
    is_copy: bool
    is_reduced: bool
    is_still: bool


def build_media(video: RenderedVideo | None, limit_bytes: int) -> Media | None:
    """Read the files of a video; None where there are none.

    Parameters
    ----------
    limit_bytes
        The largest file that is embedded; beyond it the address is a relative path.
    """
    if video is None or not video.path.exists():
        return None
    embedded = choose_file(video, limit_bytes=limit_bytes)
    shown = embedded.path
    address = _encode(shown, video.media_type) if shown else _relative(video.path)
    poster = _encode(video.poster, "image/png") if video.poster.exists() else ""
    width_px = min(SHOWN_WIDTH_PX, video.width_px)
    height_px = round(video.height_px * width_px / video.width_px)
    is_still = video.media_type == "image/png"
    return Media(
        address,
        poster,
        width_px,
        height_px,
        is_linked=shown is None,
        is_copy=shown is not None and shown != video.path,
        is_reduced=embedded.is_reduced,
        is_still=is_still,
    )


def _encode(path: Path, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"


def _relative(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
