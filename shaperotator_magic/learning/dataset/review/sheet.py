"""A contact sheet of a video: its frames at the ends of its steps, or evenly spaced.

Runs in a command's process.
"""

from __future__ import annotations

import io
from pathlib import Path

import av
from PIL import Image

from shaperotator_magic.core.records import RenderedVideo

_COLUMNS, _MOST = 3, 9
_TILE = (426, 240)
_GAP = 3
_BEFORE_END_S = 0.1


def draw_sheet(video: RenderedVideo) -> bytes | None:
    """Return the sheet as PNG; None where the video is no longer there."""
    if not video.path.is_file():
        return None
    if video.media_type == "image/png":
        return video.path.read_bytes()
    frames = _read_frames(video.path, _choose_times(video))
    return _tile(frames) if frames else None


def _choose_times(video: RenderedVideo) -> list[float]:
    ends = [step.end_s - _BEFORE_END_S for step in video.steps]
    last = video.duration_s - _BEFORE_END_S
    if not ends:
        return [last * (n + 1) / _MOST for n in range(_MOST)]
    if len(ends) <= _MOST:
        return ends
    return [ends[round(n * (len(ends) - 1) / (_MOST - 1))] for n in range(_MOST)]


def _read_frames(path: Path, times: list[float]) -> list[Image.Image]:
    """Return the first frame at or after each time."""
    found: list[Image.Image] = []
    waiting = sorted(times)
    with av.open(str(path)) as source:
        for frame in source.decode(video=0):
            while waiting and frame.time is not None and frame.time >= waiting[0]:
                waiting.pop(0)
                found.append(_as_image(frame))
            if not waiting:
                break
    return found


def _as_image(frame: av.VideoFrame) -> Image.Image:
    return Image.fromarray(frame.to_ndarray(format="rgb24")).resize(_TILE)


def _tile(frames: list[Image.Image]) -> bytes:
    rows = -(-len(frames) // _COLUMNS)
    columns = min(_COLUMNS, len(frames))
    step = (_TILE[0] + _GAP, _TILE[1] + _GAP)
    sheet = Image.new("RGB", (columns * step[0] - _GAP, rows * step[1] - _GAP), "#888")
    for number, frame in enumerate(frames):
        row, column = divmod(number, _COLUMNS)
        sheet.paste(frame, (column * step[0], row * step[1]))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
