"""Encodes the frames of one animation: each picture is converted once, an unchanged one never.

Runs in a scene's process only. The settings are measured (``python -m benchmarks.encoding``): on
these pictures x264's ``veryfast`` without B-frames needs half of the CPU of manim's ``medium``, for
files of the same size and quality, of luma and of chroma. Without B-frames pictures
leave the encoder in the order in which they are shown, so segments join by copying, and one thread
an encoder wastes nothing: several segments are encoded at once.

A still picture is one picture with a long duration, not many: players show the same, and a wait
costs next to nothing. It is repeated once a second, so that a player which seeks finds one near,
and at the end, for the last picture of a file lasts one frame only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from manim._config.video_encoder import VideoEncoderSpec
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from shaperotator_magic.rendering.drawing.deferred_frames import DeferredFrame

# Thin coloured lines on black, which move and then stand still. A weak deblocking filter keeps them
# thin, wide motion search and five reference pictures find them again, and no coefficient is
# dropped for being small: it may be all of a line's colour. Chroma gets more bits than x264 gives
# it. Nothing is tuned to grain or texture (aq, psy), for there is none. The lookahead spends bits
# on what stays on screen.
ENCODER_OPTIONS = {
    "preset": "veryfast",
    "bf": "0",
    "crf": "26.2",
    "x264-params": (
        "rc-lookahead=40:scenecut=0:qcomp=0.55:aq-mode=0:psy=0:chroma-qp-offset=-5"
        ":me=umh:merange=16:subme=6:trellis=1:ref=5:mixed-refs=1:partitions=all"
        ":deblock=-2,-1:no-dct-decimate=1"
    ),
}
PIXEL_FORMAT = "yuv420p"
# A fragment a frame: whatever lies on the disk can be shown.
FRAGMENTED = {
    "movflags": "empty_moov+default_base_moof+frag_every_frame",
    "flush_packets": "1",
}
_EARLY_S = 0.5  # of an animation, in which it is said once to be there
_SHORT_LOOKAHEAD = "rc-lookahead=2"
_STRIP_PX = 64  # rows compared at once


class SegmentEncoder(VideoSegmentEncoder):
    """Encodes into a file beside ``target``, which is renamed when it is complete.

    Parameters
    ----------
    on_finished
        Called with ``target`` in the thread that encodes.
    on_begun
        Called in the same thread with ``target`` and the file that holds its beginning, once half
        a second of it is there and more is to come. That file can be read then.
    """

    def __init__(
        self,
        *,
        target: Path,
        spec: VideoEncoderSpec,
        on_finished: Callable[[Path], None],
        on_begun: Callable[[Path, Path], None] | None = None,
    ) -> None:
        spec = spec if on_begun is None else _hasten(spec)
        super().__init__(target=target.with_suffix(".part"), spec=spec)
        self._whole = target
        self._on_finished = on_finished
        self._on_begun = on_begun
        if on_begun is not None:
            self._container.options.update(FRAGMENTED)
        self._shown: Any = None  # the pixels, and the same as a picture of the video
        self._picture: Any = None
        self._last_pts = -1
        self._written_s = 0.0  # the last picture's time in the file
        self._stream.codec_context.thread_count = 1
        rate = spec.frame_rate
        self._frame_duration = Fraction(rate.denominator, rate.numerator)
        self._longest = max(1, round(float(rate)))  # frames between two of a picture that stays
        self._convert = find_conversion(spec.pixel_format)
        self._are_same = find_comparison()

    def write_frame(self, pixels: Any, *, repeat: int = 1) -> None:
        """Encode a picture ``repeat`` times, drawing it first where that was deferred."""
        if isinstance(pixels, DeferredFrame):
            pixels = pixels.draw()
        self._validate_frame(pixels, repeat)
        try:
            if self._shown is None or not self._are_same(pixels, self._shown):
                self._picture = self._convert(pixels, self._picture)
                self._shown = pixels
                self._encode(self._next_pts)
            self._next_pts += repeat
            for pts in range(self._last_pts + self._longest, self._next_pts, self._longest):
                self._encode(pts)
            if self._on_begun is not None and self._written_s >= _EARLY_S:
                self._on_begun(self._whole, self.target)
                self._on_begun = None
        except Exception as exc:
            raise self._operation_error("encode", exc) from exc

    def finish(self) -> None:
        """Close the file and report it."""
        try:
            if self._last_pts < self._next_pts - 1:
                self._encode(self._next_pts - 1)
        except Exception as exc:
            raise self._operation_error("encode", exc) from exc
        super().finish()
        self.target.replace(self._whole)
        self._on_finished(self._whole)

    def _encode(self, pts: int) -> None:
        self._picture.pts = pts
        self._picture.time_base = self._frame_duration
        stream: Any = self._stream
        for packet in stream.encode(self._picture):
            self._container.mux(packet)
            self._written_s = float(packet.pts * packet.time_base)
        self._last_pts = pts


def _hasten(spec: VideoEncoderSpec) -> VideoEncoderSpec:
    """Return an encoder's settings with a short lookahead, for the first frames of a video.

    The header of the stream stays the same, so that segments of both kinds are joined.
    """
    options = dict(spec.options)
    options["x264-params"] = f"{options.get('x264-params', '')}:{_SHORT_LOOKAHEAD}".lstrip(":")
    return replace(spec, options=tuple(options.items()))


def find_comparison() -> Callable[[Any, Any], bool]:
    """Return a function that compares two pictures, C-contiguous RGBA of the same size."""
    extension = load_extension("_drawing")
    if extension is not None:
        return extension.is_same  # type: ignore[no-any-return]

    def are_same(some: Any, other: Any) -> bool:
        # Four bytes a comparison. Pictures that differ usually do so in one of the first strips.
        return all(
            np.array_equal(
                some[top : top + _STRIP_PX].view(np.uint32),
                other[top : top + _STRIP_PX].view(np.uint32),
            )
            for top in range(0, len(some), _STRIP_PX)
        )

    return are_same


def find_conversion(pixel_format: str) -> Callable[[Any, Any], Any]:
    """Return a function that makes a video frame of (height, width, 4) RGBA pixels.

    It is given the frame that it made last, or None. Its memory may be used for the next: x264
    copies what it is given.
    """
    extension = load_extension("_drawing")

    def convert(pixels: Any, last: Any) -> Any:
        height, width = pixels.shape[:2]
        if extension is None or pixel_format != PIXEL_FORMAT or height % 2 or width % 2:
            picture = av.VideoFrame.from_ndarray(pixels, format="rgba")
            return picture.reformat(format=pixel_format)
        picture = last or av.VideoFrame(width, height, PIXEL_FORMAT)
        y, u, v = picture.planes
        pixels = np.ascontiguousarray(pixels)
        extension.to_yuv(pixels, width, height, y, y.line_size, u, v, u.line_size)
        return picture

    return convert
