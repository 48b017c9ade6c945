"""Draws stills of one scene while a slider changes its constants.

Unlike a render's, this process lives on after a still, so that manim, fonts and texts that were set
are used again. Each order has the scene's source, with the new constants in it, and a moment. The
scene runs to that moment without drawing, then one picture is drawn. The supervisor confines and
limits this process like any other scene's.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from shaperotator_magic.rendering.drawing.texts import repeated
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.exchange.stills import name_order, name_still
from shaperotator_magic.rendering.process.omitting import can_omit, finish_omitted
from shaperotator_magic.rendering.process.scene_run import (
    LOG_NAME,
    SCENE_FILE,
    configure_manim,
    count_frames,
    enter_folder,
    hold_still_scene,
    load_scene,
)
from shaperotator_magic.rendering.scene.failures import describe_failure
from shaperotator_magic.rendering.stand_ins.installed import are_on

_FAST = 1  # of PNG's nine levels: a slider does not wait for the smallest file


class _MomentReachedError(BaseException):
    """The picture is drawn; a scene's ``except Exception`` does not catch it."""


def draw_stills(job: Job, send: Send) -> int:
    """Draw a still for every order, until the parent ends this process."""
    folder = Path(job["folder"])
    try:
        enter_folder(folder, job, send)
        repeated.keep_every_text()
    except BaseException as exc:  # noqa: BLE001 - whatever it is, it is reported
        send(error=describe_failure(exc, folder / LOG_NAME, SCENE_FILE).model_dump())
        return 1
    said: dict[str, Any] = {}
    while True:
        order = send.ask({"still": said})
        said = _draw_still(job, folder, int(order["number"]))


def _draw_still(job: Job, folder: Path, number: int) -> dict[str, Any]:
    path = folder / name_order(number)
    order = json.loads(path.read_bytes())
    path.unlink()
    try:
        configure_manim({**job, "still": True}, folder)
        random.seed(job["seed"])
        np.random.seed(job["seed"] % 2**32)
        scene = load_scene({**job, **order})()
        _Moment(scene, fps=float(job["fps"]), at_s=order["at_s"]).draw(folder / name_still(number))
    except BaseException as exc:  # noqa: BLE001 - whatever generated code raises is reported
        failure = describe_failure(exc, folder / LOG_NAME, SCENE_FILE)
        return {"number": number, "error": failure.model_dump()}
    return {"number": number}


class _Moment:
    """One scene on its way to a moment of its video.

    Parameters
    ----------
    at_s
        Seconds from the beginning of the video; None for its end.
    """

    def __init__(self, scene: Any, *, fps: float, at_s: float | None) -> None:
        from manim import config

        if not are_on("rehearsal steps", "rehearsal drawing", "rehearsal background"):
            raise RuntimeError(
                "stills need a manim that was tried; the video follows when the value rests"
            )
        config.dry_run = True
        self._scene = scene
        self._renderer = scene.renderer
        self._fps = fps
        self._left = math.inf if at_s is None else math.floor(at_s * fps + 1e-6)  # frames
        self._play = self._renderer.play
        self._renderer.play = self._step
        self._renderer.update_frame = lambda *_, **__: None
        self._renderer.save_static_frame_data = lambda *_, **__: None
        self._renderer.freeze_current_frame = self._pass_wait
        scene.play_internal = lambda *_, **__: self._pass_play()
        self._begin = scene.begin_animations
        scene.begin_animations = self._begin_play
        self._is_omitted = False

    def draw(self, path: Path) -> None:
        """Run the scene up to the moment and write the picture."""
        hold_still_scene(self._scene)
        with contextlib.suppress(_MomentReachedError):
            self._scene.render()
        self._write(path)

    def _step(self, scene: Any, *animations: Any, **options: Any) -> None:
        self._renderer._original_skipping_status = True
        self._play(scene, *animations, **options)
        # Twice: chained updaters would lag by a whole animation where frames are skipped.
        scene.update_mobjects(0)
        scene.update_mobjects(0)

    def _pass_wait(self, duration_s: float) -> None:
        self._count(count_frames(duration_s, self._fps, is_frozen=True))

    def _begin_play(self) -> None:
        animations = self._scene.animations
        frames = count_frames(self._scene.duration, self._fps, is_frozen=False)
        is_before = frames <= self._left and not self._counts_time()
        self._is_omitted = is_before and can_omit(animations)
        if not self._is_omitted:
            self._begin()
            return
        for animation in animations:
            animation._setup_scene(self._scene)

    def _pass_play(self) -> None:
        scene = self._scene
        scene.duration = scene.get_run_time(scene.animations)
        frames = count_frames(scene.duration, self._fps, is_frozen=False)
        if self._is_omitted:
            self._count(frames)
            finish_omitted(scene, scene.animations)
            return
        for frame in self._plan_frames(frames):
            scene.update_to_time(frame / self._fps)
            if scene.stop_condition is not None and scene.stop_condition():
                frames = frame + 1
                break
        self._count(frames)
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)

    def _plan_frames(self, frames: int) -> Iterator[int]:
        """Yield the frames to step through: the last one where time counts for nothing else."""
        last = int(min(frames - 1, self._left))
        if self._counts_time():
            yield from range(last + 1)
        elif self._left < frames:
            yield last

    def _counts_time(self) -> bool:
        """Return whether something in the scene depends on the number of frames."""
        scene = self._scene
        if scene.stop_condition is not None or scene.updaters:
            return True
        family = (member for mobject in scene.mobjects for member in mobject.get_family())
        return any(member.has_time_based_updater() for member in family)

    def _count(self, frames: int) -> None:
        if self._left < frames:
            self._stop()
        self._left -= frames

    def _stop(self) -> NoReturn:
        raise _MomentReachedError

    def _write(self, path: Path) -> None:
        from PIL import Image

        renderer = self._renderer
        renderer.__dict__.pop("update_frame")
        renderer.static_image = None
        renderer.update_frame(self._scene)
        pixels = np.ascontiguousarray(renderer.camera.pixel_array[:, :, :3])
        Image.fromarray(pixels).save(path, format="PNG", compress_level=_FAST)
