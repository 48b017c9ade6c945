"""Frames that are drawn while the scene goes on are those that are drawn at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from shaperotator_magic.rendering.drawing import drawing
from shaperotator_magic.rendering.drawing.compiled.compiled_drawing import Recording
from shaperotator_magic.rendering.drawing.compiled.extensions import load_extension
from shaperotator_magic.rendering.drawing.deferred_frames import (
    DeferredFrame,
    FramePool,
    build_slots,
)
from shaperotator_magic.rendering.stand_ins.installed import is_on

pytestmark = [
    pytest.mark.render,
    pytest.mark.skipif(load_extension("_drawing") is None, reason="the extension was not built"),
    pytest.mark.skipif(not is_on("defer frames"), reason="this manim draws its frames at once"),
]


@pytest.fixture(autouse=True)
def small_pictures(tmp_path: Path, stock_manim_drawing: None) -> Iterator[None]:
    from manim import tempconfig

    drawing.install()
    small = {
        "media_dir": str(tmp_path),
        "pixel_width": 160,
        "pixel_height": 90,
        "frame_rate": 5,
        "disable_caching": True,
        "progress_bar": "none",
        "verbosity": "ERROR",
    }
    with tempconfig(small):
        yield


def take_frames(scene_class: type[Any], *, late: bool) -> list[Any]:
    """Render a scene; return what its file writer got, untouched."""
    scene = scene_class()
    writer = scene.renderer.file_writer
    taken: list[Any] = []
    writer.accepts_deferred_frames = late
    writer.write_frame = lambda frame, repeat=1: taken.append(frame)
    for name in ("begin_animation", "end_animation", "finish"):
        setattr(writer, name, lambda *_, **__: None)
    scene.render()
    return taken


def build_plane_scene() -> type[Any]:
    from manim import RIGHT, Circle, Create, Scene, Square, Text, ValueTracker, always_redraw

    class Plane(Scene):
        def construct(self) -> None:
            self.add(Square(3, fill_opacity=0.5))  # it stays: the picture below the others
            size = ValueTracker(0.3)
            self.add(always_redraw(lambda: Circle(size.get_value())))
            self.play(Create(Text("late")), size.animate.set_value(2), run_time=1)
            self.wait(0.4)
            self.play(self.mobjects[0].animate.shift(RIGHT))

    return Plane


def build_moving_scene() -> type[Any]:
    from manim import UP, Circle, MovingCameraScene, Square

    class Moving(MovingCameraScene):
        def construct(self) -> None:
            self.add(Square(), Circle(1).set_fill(["#ff0000", "#00ff00"], opacity=1))
            self.play(self.camera.frame.animate.scale(0.3).shift(UP))

    return Moving


def build_space_scene() -> type[Any]:
    from manim import DEGREES, OUT, Cube, Sphere, Text, ThreeDScene

    class Space(ThreeDScene):
        def construct(self) -> None:
            self.set_camera_orientation(phi=60 * DEGREES, theta=30 * DEGREES)
            title, label = Text("title").to_edge([0, 1, 0]), Text("turned").shift([2, 2, 1])
            self.add_fixed_in_frame_mobjects(title)
            self.add_fixed_orientation_mobjects(label)
            self.add(Cube(2, fill_opacity=0.6), Sphere(resolution=(6, 6)).shift(2 * OUT))
            self.begin_ambient_camera_rotation(rate=1)
            self.wait(0.8)
            self.play(self.mobjects[-1].animate.shift(OUT))

    return Space


@pytest.mark.parametrize(
    ("build", "least_late"),
    [(build_plane_scene, 10), (build_moving_scene, 5), (build_space_scene, 9)],
)
def test_frames_drawn_after_the_scene_has_ended_are_those_drawn_at_once(
    build: Any, least_late: int
) -> None:
    expected = take_frames(build(), late=False)
    taken = take_frames(build(), late=True)
    assert sum(isinstance(frame, DeferredFrame) for frame in taken) >= least_late
    ours = [frame.draw() if isinstance(frame, DeferredFrame) else frame for frame in taken]
    assert len(ours) == len(expected)
    assert len({frame.tobytes() for frame in expected}) > 3  # something moves
    for ours_one, expected_one in zip(ours, expected, strict=True):
        assert np.array_equal(ours_one, expected_one)


def test_pixels_of_the_camera_are_the_last_frame_whenever_they_are_read() -> None:
    from manim import RIGHT, Scene, Square

    read: list[Any] = []

    class Reading(Scene):
        def construct(self) -> None:
            square = Square()
            square.add_updater(lambda _: read.append(self.camera.pixel_array.copy()))
            self.play(square.animate(suspend_mobject_updating=False).shift(RIGHT))
            read.append(self.renderer.get_frame())

    frames = [frame.draw() for frame in take_frames(Reading, late=True)]
    seen = {pixels.tobytes() for pixels in read}
    assert len(frames) == 5
    assert {frame.tobytes() for frame in frames} <= seen
    assert np.array_equal(read[-1], frames[-1])


def test_frame_is_drawn_at_once_where_a_scene_draws_in_its_own_way() -> None:
    from manim import FadeIn, Scene, Square

    class Own(Scene):
        def construct(self) -> None:
            update, seen = self.renderer.update_frame, []

            def update_frame(*args: Any, **options: Any) -> None:
                seen.append(len(seen))
                update(*args, **options)

            self.renderer.update_frame = update_frame
            self.play(FadeIn(Square()))
            assert len(seen) >= 5

    assert not any(isinstance(frame, DeferredFrame) for frame in take_frames(Own, late=True))


class CountingRecording(Recording):
    """Paints slowly enough for threads to meet, and counts how often."""

    def __init__(self) -> None:
        object.__setattr__(self, "painted", [])

    def paint(self, base: Any, pixels: Any) -> None:
        time.sleep(0.05)
        self.painted.append(base)  # type: ignore[attr-defined]
        np.add(base, 1, out=pixels)


def test_frame_that_many_threads_need_is_drawn_once() -> None:
    recording = CountingRecording()
    frame = DeferredFrame(recording, np.zeros((4, 4, 4), dtype=np.uint8), FramePool())
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(frame.draw())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(recording.painted) == 1  # type: ignore[attr-defined]
    assert len({id(pixels) for pixels in found}) == 1


def test_frame_that_cannot_be_drawn_says_so_to_everybody_who_needs_it() -> None:
    extension = load_extension("_drawing")
    recorded = extension.record([], ({}, int, {}, {}, 1.0, None))
    frame = DeferredFrame(
        Recording(extension, recorded, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)),
        np.zeros((0, 4, 4), dtype=np.uint8),
        FramePool(),
    )
    for _ in range(2):
        with pytest.raises(ValueError, match="the sizes of the pictures do not fit"):
            frame.draw()


def test_memory_of_a_frame_that_nobody_holds_is_that_of_the_next() -> None:
    memory = FramePool()
    first, second = memory.take((2, 3, 4)), memory.take((2, 3, 4))
    assert not np.shares_memory(first, second)
    place = first.ctypes.data
    del first
    third = memory.take((2, 3, 4))
    assert third.ctypes.data == place
    assert not np.shares_memory(third, second)


def test_frames_are_drawn_ahead_while_there_is_room_and_otherwise_when_needed() -> None:
    room, memory = build_slots(1), FramePool()
    recordings = [CountingRecording() for _ in range(3)]
    base = np.zeros((4, 4, 4), dtype=np.uint8)
    frames: list[Any] = [DeferredFrame(recording, base, memory) for recording in recordings]
    frames[0].draw_ahead(room)
    painter = threading.Thread(target=frames[1].draw_ahead, args=(room,))
    painter.start()
    painter.join(0.2)
    drawn = [len(recording.painted) for recording in recordings]  # type: ignore[attr-defined]
    assert drawn == [1, 0, 0]
    frames[1].draw()
    frames[0] = None
    painter.join(10)
    assert not painter.is_alive()
    frames[2].draw_ahead(room)  # the room of the second was given back
    drawn = [len(recording.painted) for recording in recordings]  # type: ignore[attr-defined]
    assert drawn == [1, 1, 1]
