"""One scene, run to its end: this is what happens inside a render process.

``render_scene`` draws; ``rehearse`` runs the same scene without drawing, so that the number of
frames is known before they are drawn. Both are called in a process that ends afterwards, so
manim's configuration and modules may be changed at will.
"""

from __future__ import annotations

import ast
import configparser
import gc
import io
import linecache
import math
import os
import random
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from shaperotator_magic.rendering import (
    backgrounds,
    comparing,
    copying,
    drawing,
    families,
    formulas,
    measuring,
    mixing,
    plotting,
    styling,
    texts,
)
from shaperotator_magic.rendering.channel import Job, Send
from shaperotator_magic.rendering.failures import describe_failure
from shaperotator_magic.rendering.finished import FinishedFiles
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, install
from shaperotator_magic.rendering.mathtext.typesetting import load_compiler
from shaperotator_magic.rendering.passing import Passing
from shaperotator_magic.rendering.plays import Piece
from shaperotator_magic.rendering.resuming import Resuming, divide_source
from shaperotator_magic.rendering.variables import decode_variables
from shaperotator_magic.rendering.video import (
    PosterPicker,
    finish_still,
    finish_video,
    warm_up_files,
)

SCENE_FILE = "<scene>"
LOG_NAME = "log.txt"
_REPORTS_PER_S = 10
_WAITING_BYTES = 64_000_000  # of one animation's frames


def import_manim() -> None:
    """Import manim once, for every scene of this process to come, and improve it there."""
    manim = _import_lean()

    from shaperotator_magic.rendering import segments  # noqa: F401 - it subclasses manim's classes

    _forget_user_config(manim)
    # What is slow at first use, done while nobody waits.
    manim.Text("warm")
    manim.Axes()
    warm_up_files()
    drawing.install()
    backgrounds.install()
    copying.install()
    comparing.install()
    families.install()
    styling.install()
    measuring.install()
    mixing.install()
    plotting.install()
    texts.install()
    # Loads the fonts. Compiling starts a thread, which no fork would take along.
    load_compiler()


def _import_lean() -> Any:
    """Import manim in three quarters of the time that it takes otherwise.

    Without IPython, which it only needs for its own magic, and without looking for garbage where
    nothing is thrown away. Forked processes then share the pages that nobody counts again.
    """
    without_ipython = {} if "IPython" in sys.modules else {"IPython": None}
    gc.disable()
    sys.modules.update(without_ipython)  # type: ignore[arg-type]
    try:
        import manim
    finally:
        for name in without_ipython:
            del sys.modules[name]
        gc.enable()
    gc.freeze()
    return manim


def _forget_user_config(manim: Any) -> None:
    """Draw the same video on every machine, and none from the cache that a manim.cfg outdated."""
    parser = configparser.ConfigParser()
    parser.read(Path(manim.__file__).parent / "_config" / "default.cfg")
    manim.config.digest_parser(parser)


def render_scene(job: Job, send: Send) -> int:
    """Draw the scene of a job and send the result or the error; returns the exit status."""
    folder = Path(job["folder"])
    try:
        notes = enter_folder(folder, job, send)
        made = _draw(job, folder, send, notes)
        send(result=made.model_copy(update={"notes": notes.said}).model_dump())
    except BaseException as exc:  # noqa: BLE001 - whatever generated code raises is reported
        send(error=describe_failure(exc, folder / LOG_NAME, SCENE_FILE).model_dump())
        return 1
    return 0


def rehearse(job: Job, send: Send) -> int:
    """Run the scene of a job without drawing and send how many frames it has."""
    folder = Path(job["folder"]) / "rehearsal"
    folder.mkdir()
    try:
        enter_folder(folder, job, send)
        counter = _FrameCounter(job["fps"])
        with _counting(counter):
            load_scene(job)().render()
        send(total=counter.frames, plays=counter.plays)
    except BaseException:  # noqa: BLE001 - the drawing meets the same error, and reports it
        return 1
    return 0


def load_scene(job: Job, tree: ast.Module | None = None) -> type[Any]:
    """Execute the scene's source as a module, or a tree of it, and return its scene class."""
    module = ModuleType("scene")
    module.__dict__.update(decode_variables(job["variables"]))
    module.__file__ = SCENE_FILE
    sys.modules["scene"] = module
    source = job["source"]
    linecache.cache[SCENE_FILE] = (len(source), None, source.splitlines(keepends=True), SCENE_FILE)
    exec(compile(tree or source, SCENE_FILE, "exec"), module.__dict__)  # noqa: S102 - what this process is for
    return getattr(module, job["scene_name"])  # type: ignore[no-any-return]


def enter_folder(folder: Path, job: Job, send: Send) -> FormulaNotes:
    """Make a job's folder the place of this process, and set manim up as the job says.

    Returns what will be said of formulas that LaTeX had to set.
    """
    import manim

    from shaperotator_magic.rendering.encoding import ENCODER_OPTIONS

    os.chdir(folder)
    formulas.ask_for_compiled(send.ask, Path(job["folder"]))
    notes = FormulaNotes()
    install(job["math"], notes.take)
    for name in job["inputs"]:
        if not (folder / name).exists():  # each process has its own, for manim writes beside them
            shutil.copyfile(Path(job["folder"]) / name, folder / name)
    log = os.open(folder / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    # What a scene prints is in its log also when its process is ended.
    for written in (sys.stdout, sys.stderr):
        if isinstance(written, io.TextIOWrapper):
            written.reconfigure(line_buffering=True)
    manim.config.update(
        {
            "media_dir": str(folder),
            "pixel_width": job["width_px"],
            "pixel_height": job["height_px"],
            "frame_rate": job["fps"],
            "save_last_frame": job["still"],
            "disable_caching": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
            "seed": job["seed"],
            "video_encoder_options": ENCODER_OPTIONS,
            # The next animations are drawn while the last ones are still encoded.
            "max_inflight_encoders": 3,
            "encoder_queue_size": _count_waiting_frames(job),
        }
    )
    random.seed(job["seed"])
    np.random.seed(job["seed"] % 2**32)
    return notes


def _count_waiting_frames(job: Job) -> int:
    """Return how many frames of an animation may wait for their encoder."""
    frame_bytes: int = 4 * job["width_px"] * job["height_px"]
    return max(8, _WAITING_BYTES // frame_bytes)


def _draw(job: Job, folder: Path, send: Send, notes: FormulaNotes) -> FinishedFiles:
    from shaperotator_magic.rendering.segments import Output, write_segments

    def tell(index: int, duration_s: float, size_bytes: int) -> None:
        send(segment={"index": index, "duration_s": duration_s, "size_bytes": size_bytes})

    write_segments(Output(folder, tell))
    divided = divide_source(job)
    scene = load_scene(job, divided)()
    passing = Passing(scene, job, send) if job["script"] else None
    watch = _DrawingWatch(scene.renderer, send, passing)
    if passing is not None and divided is not None:
        resuming = Resuming(scene, job, passing, send, notes=notes, on_passed=watch.take_passed)
        resuming.enter(sys.modules["scene"])
    scene.render()
    made = getattr(scene.renderer.file_writer, "final_file_path", None)
    if made is None:
        raise RuntimeError("the scene made no picture")
    if Path(made).suffix == ".png":
        return finish_still(Path(made), folder)
    send(frames=watch.drawn)
    return finish_video(Path(made), folder, watch.poster, fps=job["fps"])


class _DrawingWatch:
    """Counts the frames as they are added, and lets the poster see where every animation ends."""

    def __init__(self, renderer: Any, send: Send, passing: Passing | None) -> None:
        self.drawn = 0
        self.poster = PosterPicker()
        self._send = send
        self._next_at = 0.0
        add_frame, play = renderer.add_frame, renderer.play

        def count(frame: Any, num_frames: int = 1) -> None:
            add_frame(frame, num_frames)
            self._count(num_frames)

        def watch(*animations: Any, **options: Any) -> None:
            play(*animations, **options)
            if passing is not None and passing.piece is not None:
                self.poster.see_kept(passing.piece)
                return
            drawn = passing.drawn if passing is not None else None
            share = self.poster.see(renderer.camera.pixel_array, drawn)
            if passing is not None:
                passing.note_drawn(share)

        renderer.add_frame, renderer.play = count, watch

    def take_passed(self, pieces: Sequence[Piece], frames: int) -> None:
        """Count animations that were not run, and let the poster see where they ended."""
        for piece in pieces:
            self.poster.see_kept(piece)
        self._count(frames)

    def _count(self, number: int) -> None:
        self.drawn += number
        now = time.monotonic()
        if now >= self._next_at:
            self._next_at = now + 1 / _REPORTS_PER_S
            self._send(frames=self.drawn)


def count_frames(duration_s: float, fps: float, *, is_frozen: bool) -> int:
    """Count as manim does: whole frames of a wait that is still, started ones of a play."""
    count = duration_s * fps
    return int(count) if is_frozen else math.ceil(round(count, 6))


class _FrameCounter:
    """Adds up the frames of animations whose run times are known."""

    def __init__(self, fps: float) -> None:
        self.frames = 0
        self.plays = 0
        self._fps = fps

    def add(self, duration_s: float, *, is_frozen: bool) -> None:
        """Count one animation."""
        self.frames += count_frames(duration_s, self._fps, is_frozen=is_frozen)
        self.plays += 1


class _counting:  # noqa: N801 - used like a function, as context managers are
    """Makes manim's renderer step through scenes without drawing."""

    def __init__(self, counter: _FrameCounter) -> None:
        self._counter = counter

    def __enter__(self) -> None:
        from manim import config
        from manim.renderer.cairo_renderer import CairoRenderer

        config.dry_run = True
        play = CairoRenderer.play
        counter = self._counter

        def step(renderer: Any, scene: Any, *animations: Any, **options: Any) -> None:
            renderer._original_skipping_status = True
            play(renderer, scene, *animations, **options)
            counter.add(scene.duration, is_frozen=scene.is_current_animation_frozen_frame())

        CairoRenderer.play = step  # type: ignore[method-assign, assignment]
        CairoRenderer.update_frame = lambda *_, **__: None  # type: ignore[method-assign]

    def __exit__(self, *_: object) -> None:
        """Nothing is put back: the process ends."""
