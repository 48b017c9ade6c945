"""Deferred rasterisation: frames are drawn by other threads while the scene goes on.

Runs in a scene's process only. Recording what a frame shows takes a fraction of the time of drawing
it (``compiled_drawing.py``). Painter threads draw the recordings on other cores, and so does the
encoder where it is faster; the frames go into the video in their order. A read of the camera's
pixels returns the last frame, drawn, as if nothing had been deferred.

A frame that cannot be recorded is drawn at once by manim's own code.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import weakref
from collections import defaultdict
from typing import Any

import numpy as np

from shaperotator_magic.rendering.drawing.compiled.compiled_drawing import (
    CompiledDrawing,
    Recording,
)
from shaperotator_magic.rendering.stand_ins.installed import are_on, replace

_MOST_PAINTERS = 4
# Drawn frames that may wait, for each painter: few, so that their memory is reused soon. A page
# fault costs more than writing the page.
_WAITING_PER_PAINTER = 2
_FRAMES_AT_ONCE = 4  # numpy requests huge pages for arrays of 4 MiB and more
# Encoders and painters need the GIL for a moment every few milliseconds; the default switch
# interval of 5 ms would leave their cores idle.
_SWITCH_S = 0.0005


FrameSlots = queue.SimpleQueue[None]
"""One None for each further drawn frame that may wait. A frame may be finalised at any moment, even
within a call of this queue, and ``SimpleQueue`` alone is reentrant."""


def build_slots(frames: int) -> FrameSlots:
    """Return slots for a number of frames."""
    room: FrameSlots = queue.SimpleQueue()
    for _ in range(frames):
        room.put(None)
    return room


class FramePool:
    """A pool of arrays for pixels; an array is reused when nothing refers to it any more."""

    def __init__(self) -> None:
        self._free: dict[tuple[int, ...], list[Any]] = defaultdict(list)

    def take(self, shape: tuple[int, ...]) -> Any:
        """Return an uninitialised array of uint8.

        A view of a part of it keeps the array itself in use.
        """
        free = self._free[shape]
        try:
            owned = free.pop()
        except IndexError:  # no check before: several threads take from the list
            owned, *others = np.empty((_FRAMES_AT_ONCE, *shape), dtype=np.uint8)
            free.extend(others)
        lent = owned[:]
        weakref.finalize(lent, free.append, owned)
        return lent


class DeferredFrame:
    """A frame of (height, width, 4) RGBA pixels that the first thread to need it draws.

    Parameters
    ----------
    recording
        What it shows.
    base
        The picture over which that is drawn; it is not to change any more.
    memory
        Where the pixels come from.
    """

    def __init__(self, recording: Recording, base: Any, memory: FramePool) -> None:
        self._recording: Recording | None = recording
        self._base = base
        self._memory = memory
        self._pixels: Any = None
        self._drawing = threading.Lock()
        self._room: FrameSlots | None = None

    def draw(self) -> Any:
        """Return the pixels, which are the same array for every caller."""
        with self._drawing:
            if self._recording is not None:
                pixels = self._memory.take(self._base.shape)
                self._recording.paint(self._base, pixels)
                self._recording, self._base, self._pixels = None, None, pixels
            return self._pixels

    def draw_ahead(self, room: FrameSlots) -> None:
        """Draw before the pixels are needed, once there is a slot, unless they are drawn.

        The slot is released when nothing refers to the frame any more.
        """
        if self._is_drawn():
            return
        room.get()
        if self._is_drawn():  # another thread needed it meanwhile
            room.put(None)
            return
        self._room = room
        self.draw()

    def _is_drawn(self) -> bool:
        return self._recording is None

    def __del__(self) -> None:
        if self._room is not None:
            self._room.put(None)


class DeferredRasterizer:
    """Stands in for the methods of manim that draw a frame and take its pixels.

    Parameters
    ----------
    drawing
        What records.
    """

    def __init__(self, drawing: CompiledDrawing) -> None:
        from manim.renderer.cairo_renderer import CairoRenderer
        from manim.utils.iterables import list_update

        self._list_update = list_update
        self._record = drawing.record
        self._render_at_once = CairoRenderer.render
        self._update_frame = CairoRenderer.update_frame
        self._last: tuple[Any, DeferredFrame] | None = None
        self._has_painters = False
        self._memory = FramePool()
        self._waiting: queue.SimpleQueue[DeferredFrame] = queue.SimpleQueue()

    def install(self) -> None:
        """Defer the frames of file writers that accept deferred frames."""
        if not are_on("draw", "capture", "find shown", "defer frames", "deferred pixels"):
            return

        def render(renderer: Any, scene: Any, time: float, moving: Any = None) -> None:
            self.render(renderer, scene, time, moving)

        replace("defer frames", lambda _: render)
        replace("deferred pixels", lambda _: property(self._find_pixels, _set_pixels))

    def render(self, renderer: Any, scene: Any, time: float, moving: Any) -> None:
        """Stand in for ``CairoRenderer.render``."""
        frame = self._take_frame(renderer, scene, moving)
        if frame is None:
            self._render_at_once(renderer, scene, time, moving)
            return
        self._last = renderer.camera, frame
        self._start_painters()
        self._waiting.put(frame)
        renderer.add_frame(frame)

    def _take_frame(self, renderer: Any, scene: Any, moving: Any) -> DeferredFrame | None:
        is_stock = (
            type(renderer).update_frame is self._update_frame
            and "update_frame" not in vars(renderer)
            and getattr(renderer.file_writer, "accepts_deferred_frames", False)
        )
        if not is_stock or renderer.skip_animations:
            return None
        base = renderer.static_image
        if base is None:
            base = renderer.camera.background
        if not _can_be_copied(base, vars(renderer.camera)["pixel_array"]):
            return None
        mobjects = moving or self._list_update(scene.mobjects, scene.foreground_mobjects)
        recording = self._record(renderer.camera, mobjects)
        return None if recording is None else DeferredFrame(recording, base, self._memory)

    def _find_pixels(self, camera: Any) -> Any:
        """Return a camera's pixels, after drawing the last frame."""
        if self._last is not None and self._last[0] is camera:
            frame, self._last = self._last[1], None
            np.copyto(vars(camera)["pixel_array"], frame.draw())
        try:
            return vars(camera)["pixel_array"]
        except KeyError:
            raise AttributeError("pixel_array") from None

    def _start_painters(self) -> None:
        """Start the threads in the process that draws: a fork does not copy threads."""
        if self._has_painters:
            return
        self._has_painters = True
        sys.setswitchinterval(_SWITCH_S)
        painters = min(_MOST_PAINTERS, count_cores())
        room = build_slots(painters * _WAITING_PER_PAINTER)
        for number in range(painters):
            name = f"painter-{number}"
            threading.Thread(target=self._paint, args=(room,), name=name, daemon=True).start()

    def _paint(self, room: FrameSlots) -> None:
        while True:
            # The thread that needs the frame meets the same error.
            with contextlib.suppress(Exception):
                self._waiting.get().draw_ahead(room)


def _can_be_copied(base: Any, pixels: Any) -> bool:
    is_alike = base.dtype == pixels.dtype == np.uint8 and base.shape == pixels.shape
    return bool(is_alike and base.flags.c_contiguous)


def _set_pixels(camera: Any, pixels: Any) -> None:
    vars(camera)["pixel_array"] = pixels


def count_cores() -> int:
    """Return how many cores this process may use."""
    find_allowed = getattr(os, "sched_getaffinity", None)  # not everywhere
    return len(find_allowed(0)) if find_allowed else os.cpu_count() or 1
