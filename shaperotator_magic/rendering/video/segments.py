"""One encoded segment for each animation; the video grows by every finished segment.

Runs in a scene's process only. ``GrowingVideo`` is one fragmented MP4 that is written as long as
the scene runs; every prefix of it plays. The first animation comes in two parts where it is long,
so that something moves soon. (Segments cannot simply be appended: each file counts its time from
0.) ``SegmentFileWriter`` stands in for manim's file writer: it encodes with ``SegmentEncoder``,
several animations at once, and joins a cached segment (``skipping.py``) in place of drawing its
animation.
"""

from __future__ import annotations

import itertools
import shutil
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder

from shaperotator_magic.rendering.exchange.plays import name_segment
from shaperotator_magic.rendering.renderer import GROWING_NAME
from shaperotator_magic.rendering.stand_ins.installed import replace
from shaperotator_magic.rendering.video.encoding import FRAGMENTED, SegmentEncoder
from shaperotator_magic.rendering.video.video import ONLY_PACKETS

ReadyListener = Callable[[int, float, int], None]
"""Called with a part's index, its seconds, and the bytes of the growing file."""

FindCached = Callable[[int], Path | None]
"""Called with an animation's index when it begins; returns its segment if it was kept."""


class GrowingVideo:
    """Joins segments in the expected order, whichever is finished first."""

    def __init__(self, path: Path, on_ready: ReadyListener) -> None:
        self.path = path
        self._on_ready = on_ready
        self._expected: deque[Path] = deque()
        self._finished: set[Path] = set()
        self._adding = threading.Lock()
        self._container: Any = None
        self._stream: Any = None
        self._began_at = 0  # the segment whose turn it is, in the stream's time base
        self._ends_at = 0
        self._taken = 0  # packets of that segment
        self._header: bytes | None = None
        self._count = 0
        self._reserved = 0

    @property
    def is_at_first(self) -> bool:
        """Whether the last position that was reserved is the first one, whatever has been added."""
        return self._reserved <= 1

    def expect(self, segment: Path) -> None:
        """Reserve the next position for a segment; each has a path of its own."""
        with self._adding:
            self._expected.append(segment)
            self._reserved += 1

    def add(self, segment: Path) -> None:
        """Add a finished segment, and append all whose turn it is."""
        with self._adding:
            self._finished.add(segment)
            while self._expected and self._expected[0] in self._finished:
                self._append(self._expected.popleft())
                self._began_at, self._taken = self._ends_at, 0

    def add_beginning(self, segment: Path, written: Path) -> None:
        """Append the part of a segment that is written so far, if it is its turn."""
        with self._adding:
            if self._expected and self._expected[0] == segment:
                self._append(written)

    def close(self) -> None:
        """Write the last frame and the end."""
        with self._adding:
            if self._expected:
                raise RuntimeError(f"{self._expected[0].name} was not finished")
            if self._container is not None:
                self._container.close()

    def _append(self, segment: Path) -> None:
        """Append the packets of a segment that are not there yet."""
        ended_at = self._ends_at
        with av.open(str(segment), format="mp4", options=ONLY_PACKETS) as source:
            picture: Any = source.streams.video[0]
            self._open(segment, picture)
            packets: Any = (packet for packet in source.demux(picture) if packet.dts is not None)
            for packet in itertools.islice(packets, self._taken, None):
                packet.stream = self._stream
                packet.pts += self._began_at
                packet.dts += self._began_at
                # Read before muxing, which may change the packet's time base.
                self._ends_at = packet.pts + packet.duration
                self._container.mux(packet)
                self._taken += 1
            duration_s = float((self._ends_at - ended_at) * picture.time_base)
        self._on_ready(self._count, duration_s, self.path.stat().st_size)
        self._count += 1

    def _open(self, segment: Path, picture: Any) -> None:
        """Begin the file with the first segment; the others must be encoded as that one."""
        if self._container is None:
            self._container = av.open(str(self.path), "w", format="mp4", options=dict(FRAGMENTED))
            self._stream = self._container.add_stream_from_template(picture)
            self._header = picture.codec_context.extradata
        elif picture.codec_context.extradata != self._header:
            raise RuntimeError(f"{segment.name} was encoded in another way")


@dataclass
class Output:
    """Where the segments of one render go, and the listener for new ones."""

    folder: Path
    on_ready: ReadyListener


class SegmentFileWriter(SceneFileWriter):
    """manim's file writer, with segments that are joined while others are drawn.

    Other outputs than H.264 in MP4 (a still, or what a scene file configures) are left to manim.
    """

    def __init__(self, settings: Any, output: Output) -> None:
        encoder = settings.video_encoder
        self._does_grow = encoder is not None and encoder.codec == "libx264"
        self._growing = GrowingVideo(output.folder / GROWING_NAME, output.on_ready)
        # Cached segments are joined in another thread; the scene goes on at once.
        self._joiner = ThreadPoolExecutor(max_workers=1)
        self._joined: list[Future[None]] = []
        self._folder = output.folder
        self._is_passing = False
        self.find_cached: FindCached = lambda animation_index: None
        super().__init__(settings)

    @property
    def accepts_deferred_frames(self) -> bool:
        """Whether frames may be added before they are drawn."""
        return self._does_grow

    def begin_animation(
        self, allow_write: bool = False, *, animation_index: int, file_path: Any = None
    ) -> None:
        """Start the segment of one animation, or use the cached one."""
        kept = self.find_cached(animation_index) if allow_write and self._does_grow else None
        self._is_passing = kept is not None
        if kept is not None:
            self._place(kept)
            self._joined.append(self._joiner.submit(self._growing.add, kept))
            return
        super().begin_animation(allow_write, animation_index=animation_index, file_path=file_path)

    def end_animation(self, allow_write: bool = False) -> None:
        """End the segment of one animation."""
        super().end_animation(allow_write and not self._is_passing)

    def open_partial_movie_stream(self, *, animation_index: int, file_path: Any = None) -> None:
        """Start the segment of one animation."""
        if self._does_grow:
            file_path = self._folder / name_segment(animation_index)
            self._place(file_path)
        super().open_partial_movie_stream(animation_index=animation_index, file_path=file_path)

    def _place(self, segment: Path) -> None:
        for listed in (self.partial_movie_files, self.sections[-1].partial_movie_files):
            listed[-1] = str(segment)
        self._growing.expect(segment)

    def _create_segment_encoder(self, target: Path) -> VideoSegmentEncoder:
        if not self._does_grow or self.video_encoder is None:
            return super()._create_segment_encoder(target)
        is_first = self._growing.is_at_first
        return SegmentEncoder(
            target=target,
            spec=self.video_encoder,
            on_finished=self._growing.add,
            on_begun=self._growing.add_beginning if is_first else None,
        )

    def combine_to_movie(self) -> None:
        """Finish the video; it is joined already."""
        if not self._does_grow:
            super().combine_to_movie()
            return
        for joined in self._joined:
            joined.result()
        self._growing.close()
        if self.includes_sound:
            super().combine_to_movie()
        elif self._growing.path.exists():
            self.print_file_ready_message(str(self._growing.path))

    def combine_files(
        self, input_files: Any, output_file: Path, *others: Any, **named: Any
    ) -> None:
        """Put the joined video where manim adds the sound to it; sections are joined by manim."""
        if self._does_grow and output_file == self.movie_file_path:
            output_file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self._growing.path, output_file)
        else:
            super().combine_files(input_files, output_file, *others, **named)


def write_segments(output: Output) -> None:
    """Make the scene of this process write segments; a process renders one scene only."""

    def init_scene(renderer: CairoRenderer, scene: Any, session_spec: Any, settings: Any) -> None:
        renderer.file_writer = SegmentFileWriter(settings, output)

    replace("segments", lambda _: init_scene)
