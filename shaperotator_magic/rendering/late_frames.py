"""Frames that are drawn while the scene goes on: the next one's objects change meanwhile.

Used in the render process alone. What a frame shows is recorded in a fraction of the time that
drawing it takes (``compiled_drawing.py``). Painters, and the encoder where it is faster than they
are, draw it on other cores; it goes into the video in its place. Whoever looks at the camera's
pixels finds the last frame there, drawn, as if nothing had been put off.

A frame that cannot be recorded is drawn at once by manim's own steps.
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

from shaperotator_magic.rendering.compiled_drawing import CompiledDrawing, Recording

_MOST_PAINTERS = 4
# Drawn frames that may wait, for each painter. Their memory is soon used again: a page that the
# kernel has to find costs more than all that is written to it.
_WAITING_PER_PAINTER = 2
_FRAMES_AT_ONCE = 4  # numpy asks for large pages where an array has 4 MiB
# Encoders and painters need Python's lock for a moment every few milliseconds; waiting for the
# usual five each time would leave their cores idle.
_SWITCH_S = 0.0005


Room = queue.SimpleQueue[None]
"""For each drawn frame that may still wait, one None; a frame may be given up at any moment, and of
what threads wait for only this can be told so within another call of itself."""


def make_room(frames: int) -> Room:
    """Return room for a number of frames."""
    room: Room = queue.SimpleQueue()
    for _ in range(frames):
        room.put(None)
    return room


class FrameMemory:
    """Arrays that frames are drawn into; their memory is used again when nobody holds them."""

    def __init__(self) -> None:
        self._free: dict[tuple[int, ...], list[Any]] = defaultdict(list)

    def take(self, shape: tuple[int, ...]) -> Any:
        """Return an array of uint8 with whatever is in it.

        Whoever looks at a part of it holds the array itself meanwhile.
        """
        free = self._free[shape]
        try:
            owned = free.pop()
        except IndexError:  # not asked before: several threads take from it
            owned, *others = np.empty((_FRAMES_AT_ONCE, *shape), dtype=np.uint8)
            free.extend(others)
        lent = owned[:]
        weakref.finalize(lent, free.append, owned)
        return lent


class LateFrame:
    """A frame of (height, width, 4) RGBA pixels that is drawn by whoever needs it first.

    Parameters
    ----------
    recording
        What it shows.
    base
        The picture over which that is drawn; it is not to change any more.
    memory
        Where the pixels come from.
    """

    def __init__(self, recording: Recording, base: Any, memory: FrameMemory) -> None:
        self._recording: Recording | None = recording
        self._base = base
        self._memory = memory
        self._pixels: Any = None
        self._drawing = threading.Lock()
        self._room: Room | None = None

    def draw(self) -> Any:
        """Return the pixels, which are the same array for everybody."""
        with self._drawing:
            if self._recording is not None:
                pixels = self._memory.take(self._base.shape)
                self._recording.paint(self._base, pixels)
                self._recording, self._base, self._pixels = None, None, pixels
            return self._pixels

    def draw_ahead(self, room: Room) -> None:
        """Draw before anybody needs the pixels, once there is room, unless that is done.

        The room is given back when nobody holds the frame any more.
        """
        if self._is_drawn():
            return
        room.get()
        if self._is_drawn():  # it was needed meanwhile
            room.put(None)
            return
        self._room = room
        self.draw()

    def _is_drawn(self) -> bool:
        return self._recording is None

    def __del__(self) -> None:
        if self._room is not None:
            self._room.put(None)


class LateDrawing:
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
        self._last: tuple[Any, LateFrame] | None = None
        self._has_painters = False
        self._memory = FrameMemory()
        self._waiting: queue.SimpleQueue[LateFrame] = queue.SimpleQueue()

    def install(self) -> None:
        """Let frames that a file writer takes late be drawn late."""
        from manim.camera.camera import Camera
        from manim.renderer.cairo_renderer import CairoRenderer

        def render(renderer: Any, scene: Any, time: float, moving: Any = None) -> None:
            self.render(renderer, scene, time, moving)

        # They are parts of manim that are replaced, on purpose.
        CairoRenderer.render = render  # type: ignore[method-assign, assignment]
        Camera.pixel_array = property(self._find_pixels, _set_pixels)  # type: ignore[assignment]

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

    def _take_frame(self, renderer: Any, scene: Any, moving: Any) -> LateFrame | None:
        is_stock = (
            type(renderer).update_frame is self._update_frame
            and "update_frame" not in vars(renderer)
            and getattr(renderer.file_writer, "takes_late_frames", False)
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
        return None if recording is None else LateFrame(recording, base, self._memory)

    def _find_pixels(self, camera: Any) -> Any:
        """Return a camera's pixels, with the last frame in them."""
        if self._last is not None and self._last[0] is camera:
            frame, self._last = self._last[1], None
            np.copyto(vars(camera)["pixel_array"], frame.draw())
        try:
            return vars(camera)["pixel_array"]
        except KeyError:
            raise AttributeError("pixel_array") from None

    def _start_painters(self) -> None:
        """Start them in the process that draws: no fork would take them along."""
        if self._has_painters:
            return
        self._has_painters = True
        sys.setswitchinterval(_SWITCH_S)
        painters = min(_MOST_PAINTERS, count_cores())
        room = make_room(painters * _WAITING_PER_PAINTER)
        for number in range(painters):
            name = f"painter-{number}"
            threading.Thread(target=self._paint, args=(room,), name=name, daemon=True).start()

    def _paint(self, room: Room) -> None:
        while True:
            # Who needs the frame meets the same error.
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
