"""Which bytes of a video a notebook holds: the file, a smaller copy of it, or only its address.

A video is made of segments that are drawn side by side, each with a whole first picture; one run of
the encoder over all of it needs a third of the bytes. That copy is for notebooks, where bytes are
expensive; it is made once and cached beside the video.

Runs in the user's kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.records import RenderedVideo
from shaperotator_magic.rendering.video.transcoding import (
    SMALL_FPS,
    SMALL_HEIGHT_PX,
    write_small_video,
)

EMBED_LIMIT_BYTES = 2_000_000
# As base64, and with poster and code, five seconds then cost at most 120 kB.
_LEAN_BYTES_PER_S = 11_000
# A copy that is dearer than this, such as a grid that moves, is made again with less.
_DEAR_BYTES_PER_S = 13_500


@dataclass(frozen=True)
class Embedded:
    """The file that is embedded in the notebook, None where it is linked; and the note on the card.

    ``is_reduced`` means that it has fewer lines or frames than the video.
    """

    path: Path | None
    is_reduced: bool = False


def choose_file(video: RenderedVideo, *, limit_bytes: int = EMBED_LIMIT_BYTES) -> Embedded:
    """Return what of a video is embedded.

    A video of at most 480 lines and 15 frames a second is embedded as a copy of the same size
    where that saves bytes; a larger one as it is up to the limit, beyond it as a copy in 480p15;
    what is too large even then is linked.
    """
    is_small = video.height_px <= SMALL_HEIGHT_PX and video.fps <= SMALL_FPS
    is_lean = video.size_bytes <= _LEAN_BYTES_PER_S * video.duration_s or not is_small
    if video.media_type != "video/mp4" or (video.size_bytes <= limit_bytes and is_lean):
        return Embedded(video.path if video.size_bytes <= limit_bytes else None)
    copy = _make_copy(video)
    smaller = min(copy, video.path, key=lambda path: path.stat().st_size)
    if smaller.stat().st_size > limit_bytes:
        return Embedded(None)
    return Embedded(smaller, is_reduced=smaller == copy and not is_small)


def _make_copy(video: RenderedVideo) -> Path:
    copy = video.small_path
    if copy.exists():
        return copy
    # Another thread, answering a page, may want it at the same time.
    with replacing(copy) as unfinished:
        write_small_video(video.path, unfinished)
        if unfinished.stat().st_size > _DEAR_BYTES_PER_S * video.duration_s:
            write_small_video(video.path, unfinished, is_thrifty=True)
    return copy
