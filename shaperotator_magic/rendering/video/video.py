"""The finished files: a video with its index in front, which starts at once, and its poster.

Runs in the caller's process and in a scene's.
"""

from __future__ import annotations

import io
import shutil
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.plays import POSTER_NAME, CachedSegment

Pixels = npt.NDArray[np.uint8]

ONLY_PACKETS = {"skip_frame": "all"}
"""Options to open a video of which no picture is wanted.

Opened otherwise, its first pictures are decoded to tell what no packet needs, which takes longer
than all the rest of joining.
"""

_INDEX_IN_FRONT = {"movflags": "+faststart"}
POSTER_WIDTH_PX = 640
_DRAWN_COLOURS = 8000
_POSTER_COLOURS = 64
_POSTER_EVERY = 8
_NEARLY = 0.8  # a later picture with this share of the best one's content still wins


def find_output(file_writer: Any) -> Path | None:
    """Return the file that a scene of manim's made, None where it made none."""
    from manim import config

    # manim 0.21 puts it into its configuration.
    made = getattr(file_writer, "final_file_path", None) or config["output_file"]
    return Path(made) if made and Path(made).exists() else None


class PosterPicker:
    """Selects the poster among the last frames of the animations.

    The measure is the share of pixels that differ from the corner's colour, so that the poster is
    neither black nor emptied. Of nearly equal frames the later one wins, for it shows the result.
    """

    def __init__(self) -> None:
        self.play: tuple[int, int] | None = None
        """The animation that ends with the most telling picture, where that is known."""
        self._best: Pixels | CachedSegment | None = None
        self._best_share = -1.0

    @property
    def best(self) -> Pixels | None:
        """The selected picture; None where there was none."""
        return (
            read_last_frame(self._best.video)
            if isinstance(self._best, CachedSegment)
            else self._best
        )

    def write(self, folder: Path, *, otherwise: Path) -> None:
        """Write the poster, or copy that of a cached animation.

        Parameters
        ----------
        otherwise
            The video whose last picture is taken where none was seen.
        """
        if isinstance(self._best, CachedSegment) and self._best.poster.exists():
            shutil.copyfile(self._best.poster, folder / POSTER_NAME)
            return
        best = self.best
        write_poster(best if best is not None else read_last_frame(otherwise), folder)

    def see(self, pixels: Pixels, play: tuple[int, int] | None = None) -> float:
        """Consider one picture, (height, width, 4) RGBA; return its share of covered pixels.

        Parameters
        ----------
        play
            The animation that ends with it.
        """
        sample = pixels[::4, ::4, :3].astype(np.int16)
        is_drawn = np.abs(sample - sample[0, 0]).max(axis=2) > 24  # noqa: PLR2004 - above noise
        share = float(is_drawn.mean())
        if self._is_better(share):
            self._best, self.play = pixels.copy(), play
        return share

    def see_cached(self, segment: CachedSegment) -> None:
        """Consider the last frame of a cached animation."""
        if self._is_better(segment.share):
            self._best, self.play = segment, segment.play

    def _is_better(self, share: float) -> bool:
        is_better = share >= _NEARLY * self._best_share
        if is_better:
            self._best_share = max(share, self._best_share)
        return is_better


def finish_video(
    made: Path, folder: Path, poster: PosterPicker, *, fps: float | None = None
) -> FinishedFiles:
    """Write manim's video as ``result.mp4`` with its index in front, and the poster.

    A player can then begin before the file is loaded, as from a ``data:`` address. H.264 is
    copied; what else manim's flags made (WebM, GIF) is encoded again, for not every page plays it.

    Parameters
    ----------
    fps
        The rate at which the scene was drawn; a picture that stays is in the file once, so that
        its average says less. Without it the average is taken.
    """
    import av

    target = folder / "result.mp4"
    with av.open(str(made), options=ONLY_PACKETS) as source:
        picture = source.streams.video[0]
        facts: dict[str, Any] = {
            "width_px": picture.codec_context.width,
            "height_px": picture.codec_context.height,
            "fps": fps or float(picture.average_rate or 0),
        }
        is_h264 = picture.codec_context.name == "h264"
        if is_h264:
            _copy_streams(source, target)
    if not is_h264:
        _encode_again(made, target)
    # Not of the source: a video that grew does not know its length.
    with av.open(str(target), options=ONLY_PACKETS) as finished:
        facts["duration_s"] = round(float(finished.duration or 0) / av.time_base, 3)
    poster.write(folder, otherwise=target)
    return FinishedFiles(file="result.mp4", media_type="video/mp4", poster_of=poster.play, **facts)


def _copy_streams(source: Any, target: Path) -> None:
    import av

    with av.open(str(target), "w", options=_INDEX_IN_FRONT) as copy:
        streams = {s.index: copy.add_stream_from_template(s) for s in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                copy.mux(packet)


def _encode_again(made: Path, target: Path) -> None:
    import av

    with av.open(str(made)) as source, av.open(str(target), "w", options=_INDEX_IN_FRONT) as copy:
        picture = source.streams.video[0]
        encoded: Any = copy.add_stream(
            "h264", rate=picture.average_rate, options={"preset": "veryfast"}
        )
        # H.264 in yuv420p has even sizes only.
        encoded.width, encoded.height = (side // 2 * 2 for side in (picture.width, picture.height))
        encoded.pix_fmt = "yuv420p"
        for frame in source.decode(picture):
            frame.pict_type = 0
            copy.mux(encoded.encode(frame.reformat(encoded.width, encoded.height, "yuv420p")))
        copy.mux(encoded.encode())


def finish_still(made: Path, folder: Path) -> FinishedFiles:
    """Copy a picture of manim; it is its own poster, in small."""
    from PIL import Image

    target = folder / "result.png"
    target.write_bytes(made.read_bytes())
    with Image.open(target) as image:
        pixels = np.asarray(image.convert("RGBA"))
    write_poster(pixels, folder)
    return FinishedFiles(
        file="result.png",
        duration_s=0.0,
        width_px=pixels.shape[1],
        height_px=pixels.shape[0],
        fps=0.0,
        media_type="image/png",
    )


def write_telling_poster(video: Path, folder: Path) -> Path:
    """Write the poster of a video without one: the best of a few of its frames."""
    import av

    picker = PosterPicker()
    with av.open(str(video)) as source:
        for number, frame in enumerate(source.decode(video=0)):
            if number % _POSTER_EVERY == 0:
                picker.see(np.asarray(frame.to_ndarray(format="rgba"), dtype=np.uint8))
    picker.write(folder, otherwise=video)
    return folder / POSTER_NAME


def read_last_frame(video: Path) -> Pixels:
    """Return the last frame of a video as (height, width, 4) RGBA."""
    import av

    with av.open(str(video)) as source:
        frames = deque(source.decode(video=0), maxlen=1)
    if not frames:
        raise ValueError(f"{video.name} has no frame")
    return np.asarray(frames[0].to_ndarray(format="rgba"), dtype=np.uint8)


def warm_up_files() -> None:
    """Load the modules that the first video and the first picture need.

    It takes about 15 ms, in every process that is forked from one where it was not done. No picture
    is converted: PyAV 19 keeps what converts, with threads that a forked process would wait for and
    not have.
    """
    # tqdm, which manim asks for a bar that is not shown, takes it along at first use.
    import multiprocessing.synchronize  # noqa: F401

    import av
    from PIL import Image

    Image.preinit()
    video = io.BytesIO()
    with av.open(video, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=1, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        stream.codec_context.thread_count = 1
        pixels = np.zeros((24, 16), dtype=np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="yuv420p")))
        container.mux(stream.encode())
    video.seek(0)
    with av.open(video, "r") as source:
        source.streams.video[0].codec_context.thread_count = 1
        for packet in source.demux():
            packet.decode()


def write_poster(pixels: Pixels, folder: Path) -> None:
    """Write a small PNG of at most 640 pixels width and 64 colours: about 5 kB."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(pixels[:, :, :3]))
    if image.width > POSTER_WIDTH_PX:
        height_px = round(image.height * POSTER_WIDTH_PX / image.width)
        image = image.resize((POSTER_WIDTH_PX, height_px), Image.Resampling.LANCZOS)
    content = io.BytesIO()
    # An output holds the poster three times. The octree has few, clear steps of each colour:
    # a grid costs two thirds of what the median cut's many near-blacks cost, and stays coloured.
    few = (
        image.quantize(_POSTER_COLOURS, method=Image.Quantize.FASTOCTREE)
        if image.getcolors(_DRAWN_COLOURS)
        # A photograph in it: with so few colours it would be a mosaic.
        else image.quantize(256, method=Image.Quantize.MEDIANCUT)
    )
    # More effort than the usual one takes five times as long, for two hundredths of the bytes.
    few.save(content, format="PNG")
    (folder / POSTER_NAME).write_bytes(content.getvalue())
