"""The kernel renderer: manim's own ``%manim`` magic, in the user's kernel.

The scene sees every variable of the kernel and takes manim's own flags. Runs in the kernel's
main thread; not isolated. Its time limit is checked with every frame: a ``construct()`` that
never draws one stops only when the user interrupts the kernel.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shaperotator_magic.core.errors import RenderError, RenderTimeoutError
from shaperotator_magic.core.records import CheckedScene, RenderedVideo
from shaperotator_magic.core.styles.look import build_look
from shaperotator_magic.rendering.caching.video_cache import VideoCache, build_key, describe_request
from shaperotator_magic.rendering.drawing.texts import fonts
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.manim_flags import (
    describe_idle_flags,
    drop_idle_switches,
    split_flags,
)
from shaperotator_magic.rendering.exchange.owned_folders import OwnedFolder, sweep_folders
from shaperotator_magic.rendering.exchange.regular_files import copy_regular
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, installed
from shaperotator_magic.rendering.renderer import (
    ProgressListener,
    RenderRequest,
    SegmentListener,
    Throttle,
    build_timeout_error,
)
from shaperotator_magic.rendering.scene.failures import describe_failure
from shaperotator_magic.rendering.scene.looks import applied
from shaperotator_magic.rendering.scene.stepping import StepReader
from shaperotator_magic.rendering.stand_ins.installed import log_off, replace
from shaperotator_magic.rendering.video.video import (
    PosterPicker,
    find_output,
    finish_still,
    finish_video,
)

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

FindScene = Callable[[CheckedScene], type[Any]]

# Flags of manim that decide what the request decides; where the user gave one, theirs holds.
_SIZE_FLAGS = ("-q", "--quality", "-r", "--resolution")
_RATE_FLAGS = ("-q", "--quality", "--fps", "--frame_rate")

_FOLDER_PREFIX = "shaperotator-job-"

# How manim's encoder threads are told that a segment has ended.
_NO_MORE_FRAMES = (-1, None)
_ENCODER_GRACE_S = 5.0
_ENCODER_LOOK_S = 0.01


class KernelRenderer:
    """Draws a scene class of the kernel with manim's Jupyter integration.

    Parameters
    ----------
    shell
        The shell whose ``%manim`` is used.
    find_scene
        Returns the injected class of a checked scene.
    """

    name = "kernel"

    def __init__(self, shell: InteractiveShell, find_scene: FindScene) -> None:
        self._shell = shell
        self._find_scene = find_scene
        sweep_folders(_FOLDER_PREFIX)

    def warm_up(self) -> None:
        """Do nothing: manim can only start in the thread of the cell."""

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener | None = None,
    ) -> RenderedVideo:
        """Draw one scene in this kernel; see ``Renderer.render``.

        ``variables`` are not needed: the injected class sees them already. The number of all
        frames is not known before the end, and nothing is taken from the cache, for any variable
        of the kernel may decide the picture.
        """
        log_off()
        scene_class = self._find_scene(scene)
        with OwnedFolder(_FOLDER_PREFIX) as owned:
            folder = owned.path
            for given in request.input_files:
                copy_regular(given.path, folder / given.name)
            look = build_look(request.style, scene.code.source)
            with applied(look, scene_class, folder):
                made = self._draw(scene_class, request, folder, _Watch(request, on_progress))
            key = build_key(scene.code, describe_request(request, {"kernel": folder.name}))
            return VideoCache(request.media_dir).write(key, folder, made, renderer="kernel")

    def _draw(
        self, scene_class: type[Any], request: RenderRequest, folder: Path, watch: _Watch
    ) -> FinishedFiles:
        with (
            _encoders_ended(),
            _watched(watch),
            _preserved_random_state(request.seed),
            _preserved_kernel_state(folder) as log,
        ):
            notes = FormulaNotes()
            try:
                with (
                    installed(request.math, notes.take),
                    fonts.installed(request.fonts, notes.take),
                ):
                    if request.style and (said := fonts.describe_absent(request.style.fonts.text)):
                        notes.take(said)
                    self._run_magic(scene_class, request, folder)
            except RenderTimeoutError:
                raise
            except (Exception, SystemExit) as exc:
                (folder / "log.txt").write_text(log.getvalue(), encoding="utf-8")
                failure = describe_failure(exc, folder / "log.txt", _find_file(scene_class))
                raise failure.as_error() from exc
        if watch.made is None:
            raise RenderError("Manim made no picture.", hint="Look at the flags after --.")
        if watch.made.suffix == ".png":
            made = finish_still(watch.made, folder)
        else:
            made = finish_video(watch.made, folder, watch.poster)
            if watch.steps is not None:
                made = made.model_copy(update=watch.steps.finish(folder, made.fps))
        idle = describe_idle_flags(split_flags(request.manim_args))
        return made.model_copy(update={"notes": (*notes.said, *made.notes, *idle)})

    def _run_magic(self, scene_class: type[Any], request: RenderRequest, folder: Path) -> None:
        import manim
        from manim.utils.ipython_magic import ManimMagic

        # Not as flags: %manim splits its line at every space, and a folder's name may hold one.
        manim.config.media_dir = str(folder)
        if request.seed is not None:
            manim.config.seed = request.seed
        name = scene_class.__name__
        # A namespace of its own: %manim reads the scene and a variable named config from it.
        magic: Any = ManimMagic(self._shell)
        magic.manim(_build_line(name, request), None, {name: scene_class})


def _build_line(name: str, request: RenderRequest) -> str:
    given = drop_idle_switches(split_flags(request.manim_args))
    own = ["-v", "ERROR", "--progress_bar", "none", "--disable_caching", "--silent"]
    if not _is_given(_SIZE_FLAGS, given):
        own += ["--resolution", f"{request.width_px},{request.height_px}"]
    if not _is_given(_RATE_FLAGS, given):
        own += ["--frame_rate", str(request.fps)]
    if request.still:
        own.append("-s")
    return " ".join([*own, *given, name])


def _is_given(flags: tuple[str, ...], arguments: tuple[str, ...]) -> bool:
    """Return whether one of the flags is among the arguments, also as ``-qh`` or ``--fps=30``."""
    return any(
        argument.partition("=")[0] == flag or (len(flag) == 2 and argument.startswith(flag))  # noqa: PLR2004 - a short flag
        for argument in arguments
        for flag in flags
    )


def _find_file(scene_class: type[Any]) -> str:
    return str(scene_class.construct.__code__.co_filename)


class _Watch:
    """What is observed of one render: frames, the picture for the poster, the file."""

    def __init__(self, request: RenderRequest, on_progress: ProgressListener) -> None:
        self.poster = PosterPicker()
        self.made: Path | None = None
        self.steps: StepReader | None = None
        self._frames = 0
        self._stepped = 0
        self._show_progress = Throttle(on_progress)
        self._request = request
        self._deadline = time.monotonic() + request.timeout_s

    def pass_frame(self, scene: Any, time_s: float) -> None:
        """Take down a frame of the animation that is played."""
        self.steps = self.steps or StepReader(scene)
        self.steps.pass_frame(time_s)

    def see(self, scene: Any) -> None:
        """Take down the animation that has just ended."""
        self.steps = self.steps or StepReader(scene)
        self.steps.read(self._frames - self._stepped)
        self._stepped = self._frames

    def count(self, number: int) -> None:
        self._frames += number
        self._show_progress(self._frames, None)
        if time.monotonic() > self._deadline:
            raise build_timeout_error(self._request, log_tail=f"{self._frames} frames were drawn.")


@contextlib.contextmanager
def _watched(watch: _Watch) -> Iterator[None]:
    """Patch manim to observe one render, and undo the patch afterwards."""
    from manim.renderer.cairo_renderer import CairoRenderer

    stock = {
        name: getattr(CairoRenderer, name)
        for name in ("add_frame", "play", "render", "scene_finished")
    }

    def count(renderer: Any, frame: Any, num_frames: int = 1) -> None:
        stock["add_frame"](renderer, frame, num_frames)
        watch.count(num_frames)

    def see(renderer: Any, scene: Any, *animations: Any, **options: Any) -> None:
        stock["play"](renderer, scene, *animations, **options)
        watch.poster.see(renderer.camera.pixel_array)
        watch.see(scene)

    def pass_frame(renderer: Any, scene: Any, time_s: float, *moving: Any) -> None:
        stock["render"](renderer, scene, time_s, *moving)
        watch.pass_frame(scene, time_s)

    def note_file(renderer: Any, scene: Any) -> None:
        stock["scene_finished"](renderer, scene)
        made = find_output(renderer.file_writer)
        watch.made = made.resolve() if made else None

    replaced = {
        "add_frame": count,
        "play": see,
        "render": pass_frame,
        "scene_finished": note_file,
    }
    for name, function in replaced.items():
        setattr(CairoRenderer, name, function)
    try:
        yield
    finally:
        for name, function in stock.items():
            setattr(CairoRenderer, name, function)


@contextlib.contextmanager
def _encoders_ended() -> Iterator[None]:
    """End manim's encoder threads with the render.

    An interrupt that comes between the start of such a thread and the moment when manim notes it
    leaves the thread to itself: it would write into a folder that is being removed, or wait for
    frames for ever and stop the kernel from ending.
    """
    jobs: list[Any] = []

    def build(stock: type[Any]) -> type[Any]:
        class NotedJob(stock):
            def __init__(self, **options: Any) -> None:
                jobs.append(self)
                super().__init__(**options)

        return NotedJob

    undo = replace("encoder threads", build)
    try:
        yield
    finally:
        undo()
        for job in jobs:
            _end_encoder(job)


def _end_encoder(job: Any) -> None:
    """Let an encoder's thread discard what it has, and wait until it is gone."""
    thread = getattr(job, "thread", None)
    deadline = time.monotonic() + _ENCODER_GRACE_S
    # Not join(): a thread whose start was interrupted refuses it.
    while thread in threading.enumerate() and time.monotonic() < deadline:
        job._abort_requested = True
        # Not abort(): an interrupt within it may have marked the end as sent that was not. A full
        # queue is being emptied, so the end is sent at the next try.
        with contextlib.suppress(queue.Full):
            job.queue.put_nowait(_NO_MORE_FRAMES)
        time.sleep(_ENCODER_LOOK_S)


@contextlib.contextmanager
def _preserved_random_state(seed: int | None) -> Iterator[None]:
    """Seed the random numbers for one scene, and restore the user's own sequence afterwards."""
    if seed is None:
        yield
        return
    before, numpy_before = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(before)
        np.random.set_state(numpy_before)


@contextlib.contextmanager
def _preserved_kernel_state(folder: Path) -> Iterator[io.StringIO]:
    """Give manim a working folder and capture its output; restore kernel and config afterwards."""
    import manim
    from IPython.utils.capture import capture_output

    log = io.StringIO()
    handler = logging.StreamHandler(log)
    config = dict(manim.config._d)
    level, handlers = manim.logger.level, list(manim.logger.handlers)
    before = Path.cwd()
    # %manim wants its output below the working folder.
    os.chdir(folder)
    manim.logger.handlers = [handler]
    try:
        with capture_output():
            yield log
    finally:
        os.chdir(before)
        manim.config._d.update(config)
        manim.logger.setLevel(level)
        manim.logger.handlers = handlers
