"""A finished video in other formats: a GIF, and a smaller MP4, by PyAV without a program.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

GIF_WIDTH_PX = 480
GIF_FPS = 12
_NOISE_LEVELS = 24  # of brightness, in a frame that shows nothing
SMALL_HEIGHT_PX = 480
SMALL_FPS = 15
# Lines that move over black: measured on the built-in scenes (benchmarks/RESULTS.md). Thin coloured
# lines turn grey where their colour is coarser than their brightness, hence the offset.
# One whole picture in 20 s: each costs as much as a second of movement.
_SMALL_PARAMS = "psy=0:chroma-qp-offset=-8:keyint=300"
_SMALL_OPTIONS = {
    "preset": "fast",
    "tune": "animation",
    "crf": "33",
    "x264-params": _SMALL_PARAMS,
}
# For many moving lines: a quarter less for two and a half times the CPU and 1.5 dB.
_THRIFTY_OPTIONS = {
    **_SMALL_OPTIONS,
    "preset": "slow",
    "crf": "35.3",
    "x264-params": f"{_SMALL_PARAMS}:bframes=8:b-adapt=2:rc-lookahead=60:ref=8",
}


def build_gif(video: Path, *, width_px: int = GIF_WIDTH_PX, fps: int = GIF_FPS) -> bytes:
    """Return a video as an endless GIF with a palette of its own.

    It begins with the first frame that shows something: many viewers show that one alone.

    Parameters
    ----------
    video
        Path of the MP4.
    width_px
        Width of the GIF; a narrower video keeps its own.
    fps
        Frames per second of the GIF.
    """
    buffer = io.BytesIO()
    with av.open(str(video)) as source, av.open(buffer, "w", format="gif") as target:
        stream_in = source.streams.video[0]
        width_px = min(width_px, stream_in.codec_context.width)
        graph = _build_palette_graph(stream_in, width_px, fps)
        height_px = _scale_height(stream_in, width_px)
        stream_out: Any = target.add_stream("gif", rate=fps)
        stream_out.width, stream_out.height, stream_out.pix_fmt = width_px, height_px, "pal8"
        for frame in skip_empty_beginning(source.decode(stream_in)):
            graph.push(frame)
        graph.push(None)
        for frame in _pull(graph):
            target.mux(stream_out.encode(frame))
        target.mux(stream_out.encode(None))
    return buffer.getvalue()


def skip_empty_beginning(frames: Iterable[av.VideoFrame]) -> Iterator[av.VideoFrame]:
    """Return the frames from the first one that is not of one brightness; of none, the last."""
    remaining = iter(frames)
    last = None
    for last in remaining:
        if int(np.ptp(last.to_ndarray(format="gray"))) > _NOISE_LEVELS:
            break
    if last is not None:
        yield last
    yield from remaining


def write_small_video(video: Path, target_path: Path, *, is_thrifty: bool = False) -> None:
    """Write a copy of a video with at most 480 lines and 15 frames a second, H.264 for pages.

    Parameters
    ----------
    is_thrifty
        Spend more time, and a little of the quality, on fewer bytes.
    """
    with av.open(str(video)) as source, _open_mp4(target_path) as target:
        stream_in = source.streams.video[0]
        context = stream_in.codec_context
        height_px = min(SMALL_HEIGHT_PX, context.height) // 2 * 2
        width_px = round(context.width * height_px / context.height / 2) * 2
        # Not the average: in our videos a picture that stays is there once. Here it is repeated:
        # pictures encoded out of their order need even times, and it costs next to nothing.
        fps = min(Fraction(SMALL_FPS), stream_in.base_rate or Fraction(SMALL_FPS))
        stream_out: Any = target.add_stream("libx264", rate=fps)
        stream_out.width, stream_out.height, stream_out.pix_fmt = width_px, height_px, "yuv420p"
        stream_out.options = dict(_THRIFTY_OPTIONS if is_thrifty else _SMALL_OPTIONS)
        graph = av.filter.Graph()
        graph.link_nodes(
            graph.add_buffer(template=stream_in),
            graph.add("fps", f"fps={fps}"),
            graph.add("scale", f"{width_px}:{height_px}:flags=lanczos"),
            graph.add("format", "yuv420p"),
            graph.add("buffersink"),
        ).configure()
        for frame in source.decode(stream_in):
            graph.push(frame)
            _encode_pulled(graph, stream_out, target)
        graph.push(None)
        _encode_pulled(graph, stream_out, target)
        target.mux(stream_out.encode(None))


def _encode_pulled(graph: Any, stream: Any, target: Any) -> None:
    for picture in _pull(graph):
        picture.pict_type = 0  # where the source has a whole picture, none is needed here
        target.mux(stream.encode(picture))


def _open_mp4(path: Path) -> Any:
    return av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})


def _scale_height(stream: Any, width_px: int) -> int:
    context = stream.codec_context
    return int(round(context.height * width_px / context.width / 2) * 2)


def _build_palette_graph(stream: Any, width_px: int, fps: int) -> Any:
    graph = av.filter.Graph()
    split = graph.add("split")
    graph.link_nodes(
        graph.add_buffer(template=stream),
        graph.add("fps", f"fps={fps}"),
        graph.add("scale", f"{width_px}:{_scale_height(stream, width_px)}:flags=lanczos"),
        split,
    )
    palette = graph.add("palettegen", "stats_mode=diff")
    use = graph.add("paletteuse", "dither=none")
    split.link_to(use, 0, 0)
    split.link_to(palette, 1, 0)
    palette.link_to(use, 0, 1)
    use.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


def _pull(graph: Any) -> Any:
    """Yield the frames that are ready."""
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
