"""Contact sheets of rendered videos: what the picture is at the end of its steps, in one image.

Runs in a command's process.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.records import Generation, RenderedVideo

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

__all__ = ["build_sheet", "choose_times", "draw_sheet"]

_COLUMNS, _FEWEST, _MOST = 3, 6, 9
_TILE_PX = (480, 270)
_GAP_PX = 6
_BEFORE_END_S = 0.05  # the end of a step is the beginning of the next


def draw_sheet(generation: Generation, folder: Path) -> Path | None:
    """Draw the contact sheet of a result, unless it is there; None where its video is gone."""
    if generation.video is None:
        return None
    target = folder / f"{generation.generation_id}.jpg"
    if target.is_file() and generation.video.path.is_file():
        return target
    sheet = build_sheet(generation.video)
    if sheet is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(target) as unfinished:
        sheet.save(unfinished, format="JPEG", quality=88)
    return target


def build_sheet(video: RenderedVideo) -> Picture | None:
    """Return the contact sheet of a video; None where it is gone."""
    if not video.path.is_file():
        return None
    times = choose_times(video)
    return _tile(_read_frames(video, times), times)


def choose_times(video: RenderedVideo) -> list[float]:
    """Return the times that a sheet shows, in seconds: ends of steps, the last one always.

    Of a video with few steps the way between them is shown, too.
    """
    ends = [step.end_s for step in video.steps]
    if len(ends) < _FEWEST:
        ends = [video.duration_s * n / _FEWEST for n in range(1, _FEWEST + 1)]
    if len(ends) > _MOST:
        ends = [ends[round(n * (len(ends) - 1) / (_MOST - 1))] for n in range(_MOST)]
    return [max(0.0, end - _BEFORE_END_S) for end in ends]


def _read_frames(video: RenderedVideo, times: Sequence[float]) -> list[Picture]:
    """Return the frames that are shown at these times."""
    from PIL import Image

    if video.media_type == "image/png":
        return [Image.open(video.path).convert("RGB")]
    import av

    frames: list[Picture] = []
    last = None
    with av.open(str(video.path)) as container:
        for frame in container.decode(video=0):
            while len(frames) < len(times) and last is not None and frame.time > times[len(frames)]:
                frames.append(last.to_image())
            last = frame
    while len(frames) < len(times) and last is not None:
        frames.append(last.to_image())
    return frames


def _tile(frames: Sequence[Picture], times: Sequence[float]) -> Picture:
    from PIL import Image, ImageDraw

    columns = min(_COLUMNS, len(frames))
    width, height = _TILE_PX
    rows = math.ceil(len(frames) / columns)
    size = (columns * (width + _GAP_PX) - _GAP_PX, rows * (height + _GAP_PX) - _GAP_PX)
    sheet = Image.new("RGB", size, "#777777")
    for index, (frame, time_s) in enumerate(zip(frames, times, strict=False)):
        row, column = divmod(index, columns)
        place = (column * (width + _GAP_PX), row * (height + _GAP_PX))
        fitted = frame.copy()
        fitted.thumbnail(_TILE_PX)
        ImageDraw.Draw(fitted).text((4, 2), f"{time_s:.1f} s", fill="#ff9999")
        sheet.paste(fitted, place)
    return sheet
