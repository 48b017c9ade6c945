"""One scene, run to its end: the work of a scene's process.

``render_scene`` draws; ``rehearse`` runs the same scene without drawing and counts its frames. Both
are called in a process that ends afterwards, so they may change manim's configuration and modules.

Runs in a scene's process, the confined fork that draws it.
"""

from __future__ import annotations

import ast
import configparser
import gc
import importlib
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

from shaperotator_magic.core.styles.fonts.machine import is_fontconfig_used, list_faces
from shaperotator_magic.rendering.checkpoints.restoring import SceneCheckpointer, divide_source
from shaperotator_magic.rendering.checkpoints.skipping import AnimationSkipper
from shaperotator_magic.rendering.drawing import (
    backgrounds,
    bounding_boxes,
    comparing,
    copying,
    drawing,
    families,
    interpolation,
    plotting,
    styling,
)
from shaperotator_magic.rendering.drawing.svg_drawing import write_svg
from shaperotator_magic.rendering.drawing.texts import fonts, outlines, repeated
from shaperotator_magic.rendering.drawing.texts.glyphs import load_pango
from shaperotator_magic.rendering.exchange.channel import Job, Send
from shaperotator_magic.rendering.exchange.finished import FinishedFiles
from shaperotator_magic.rendering.exchange.plays import CachedSegment
from shaperotator_magic.rendering.exchange.variables import decode_variables
from shaperotator_magic.rendering.mathtext import formulas
from shaperotator_magic.rendering.mathtext.installing import FormulaNotes, install
from shaperotator_magic.rendering.mathtext.typesetting import load_compiler
from shaperotator_magic.rendering.process.deferred_imports import deferred_imports
from shaperotator_magic.rendering.process.growing import begin_growing, continue_growing
from shaperotator_magic.rendering.scene import aligning
from shaperotator_magic.rendering.scene.failures import describe_failure
from shaperotator_magic.rendering.scene.looks import apply_look, recolor_source
from shaperotator_magic.rendering.scene.printing import Printed
from shaperotator_magic.rendering.scene.stepping import StepReader
from shaperotator_magic.rendering.stand_ins.installed import is_on, replace
from shaperotator_magic.rendering.video.video import (
    PosterPicker,
    find_output,
    finish_still,
    finish_video,
    warm_up_files,
)

SCENE_FILE = "<scene>"
_FONT_SUFFIXES = {".ttf", ".otf", ".ttc"}
LOG_NAME = "log.txt"
_REPORTS_PER_S = 10
_MOST_NOTES, _HELD_S = 5, 2.0
_WAITING_BYTES = 64_000_000  # of one animation's frames


def import_manim() -> None:
    """Import manim for all later forks of this process, and install the stand-ins."""
    manim = _import_lean()
    if is_on("segments"):
        from shaperotator_magic.rendering.video import segments  # noqa: F401 - it subclasses manim's classes

    _forget_user_config(manim)
    if not is_fontconfig_used():
        fonts.register_fonts(list_faces())
    # What is slow at first use, done while nobody waits.
    manim.Text("warm")
    manim.Axes()
    load_pango()  # a scene's process may not look for its libraries
    warm_up_files()
    drawing.install()
    backgrounds.install()
    copying.install()
    comparing.install()
    families.install()
    styling.install()
    bounding_boxes.install()
    interpolation.install()
    plotting.install()
    outlines.install()
    repeated.install()
    aligning.install()
    # Loads the fonts. Compiling starts a thread, which no fork would take along.
    load_compiler()


def _import_lean() -> Any:
    """Import manim in half of the usual time.

    Without what few scenes use, and without looking for garbage where nothing is thrown away.
    Forked processes then share the pages that nobody counts again.
    """
    gc.disable()
    try:
        with deferred_imports():
            import manim
    finally:
        gc.enable()
    gc.freeze()
    return manim


def _forget_user_config(manim: Any) -> None:
    """Ignore the user's manim.cfg: a scene gives the same video on every machine."""
    parser = configparser.ConfigParser()
    parser.read(Path(manim.__file__).parent / "_config" / "default.cfg")
    manim.config.digest_parser(parser)


def render_scene(job: Job, send: Send) -> int:
    """Draw the scene of a job and send the result or the error; returns the exit status."""
    folder = Path(job["folder"])
    try:
        notes = enter_folder(folder, job, send)
        printed = Printed(SCENE_FILE)
        printed.collect()
        made = _draw(job, folder, send, notes)
        said = {"notes": (*notes.said, *made.notes)[:_MOST_NOTES], "printed": printed.lines}
        send(result=made.model_copy(update=said).model_dump())
    except BaseException as exc:  # noqa: BLE001 - whatever generated code raises is reported
        send(error=describe_failure(exc, folder / LOG_NAME, SCENE_FILE).model_dump())
        return 1
    return 0


def rehearse(job: Job, send: Send) -> int:
    """Run the scene of a job without drawing and send how many frames it has, where that is on."""
    if not is_on("frame count"):
        return 0
    folder = Path(job["folder"]) / "rehearsal"
    folder.mkdir()
    try:
        enter_folder(folder, job, send)
        counter = _FrameCounter(job["fps"])
        with _counting(counter):
            scene = load_scene(job)()
            hold_still_scene(scene)
            scene.render()
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
    look = job.get("look")
    if look is not None:
        tree = recolor_source(tree or ast.parse(source), look)
    exec(compile(tree or source, SCENE_FILE, "exec"), module.__dict__)  # noqa: S102 - what this process is for
    return getattr(module, job["scene_name"])  # type: ignore[no-any-return]


def enter_folder(folder: Path, job: Job, send: Send) -> FormulaNotes:
    """Enter a job's folder, and configure manim for the job.

    Returns the notes on formulas that LaTeX had to set.
    """
    os.chdir(folder)
    formulas.ask_for_compiled(send.ask, Path(job["folder"]))
    notes = FormulaNotes()
    install(job["math"], notes.take)
    fonts.install(job["fonts"], notes.take)
    _place_inputs(job, folder)
    os.chdir(folder / job["place"])
    if job["fonts"] == "bundled":
        given = [folder / name for name in job["inputs"]]
        fonts.register_fonts(path for path in given if path.suffix.lower() in _FONT_SUFFIXES)
    log = os.open(folder / LOG_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    # What a scene prints is in its log also when its process is ended.
    for written in (sys.stdout, sys.stderr):
        if isinstance(written, io.TextIOWrapper):
            written.reconfigure(line_buffering=True)
    look = job.get("look")
    apply_look(look, Path())
    if look is not None and (absent := fonts.describe_absent(look["font"])):
        notes.take(absent)
    configure_manim(job, folder)
    random.seed(job["seed"])
    np.random.seed(job["seed"] % 2**32)
    return notes


def configure_manim(job: Job, folder: Path) -> None:
    """Set manim up as a job says; its files go to a folder."""
    import manim

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
            # The next animations are drawn while the last ones are still encoded.
            "max_inflight_encoders": 3,
            "encoder_queue_size": _count_waiting_frames(job),
            **_find_encoder_options(),
            **job["config"],
        }
    )


def _find_encoder_options() -> dict[str, Any]:
    """Return the options of our own encoder, none where manim's encodes."""
    if not is_on("segments"):
        return {}
    from shaperotator_magic.rendering.video.encoding import ENCODER_OPTIONS

    return {"video_encoder_options": ENCODER_OPTIONS}


def _place_inputs(job: Job, folder: Path) -> None:
    """Copy the inputs, for manim writes beside them; make modules importable."""
    for name in job["inputs"]:
        if not (folder / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(job["folder"]) / name, folder / name)
    if any(name.endswith(".py") for name in job["inputs"]):
        sys.path.insert(0, str(folder / job["place"]))
        importlib.invalidate_caches()


def _count_waiting_frames(job: Job) -> int:
    """Return how many frames of an animation may wait for their encoder."""
    frame_bytes: int = 4 * job["width_px"] * job["height_px"]
    return max(8, _WAITING_BYTES // frame_bytes)


def _draw(job: Job, folder: Path, send: Send, notes: FormulaNotes) -> FinishedFiles:
    _write_segments(folder, send)
    can_skip = is_on("skip") and bool(job["script"])
    divided = divide_source(job) if can_skip else None
    scene = load_scene(job, begin_growing(job, divided))()
    skipper = AnimationSkipper(scene, job, send) if can_skip else None
    if not job["still"]:
        hold_still_scene(scene)
    watch = _DrawingWatch(scene, send, skipper)
    if skipper is not None and divided is not None:
        checkpointer = SceneCheckpointer(
            scene, job, skipper, send, notes=notes, on_skipped=watch.take_skipped
        )
        checkpointer.enter(sys.modules["scene"])
    continue_growing(type(scene), job, send, skipper.take_more if skipper else None)
    scene.render()
    made = find_output(scene.renderer.file_writer)
    if made is None:
        raise RuntimeError("the scene made no picture")
    if made.suffix == ".png":
        still = finish_still(made, folder)
        is_drawing = write_svg(scene, folder / "result.svg")
        return still.model_copy(update={"drawing": "result.svg"}) if is_drawing else still
    send(frames=watch.drawn)
    finished = finish_video(made, folder, watch.poster, fps=job["fps"])
    return finished.model_copy(update=watch.steps.finish(folder, job["fps"]))


def _write_segments(folder: Path, send: Send) -> None:
    """Let the scenes of this process write segments, where manim's file writer is known."""
    if not is_on("segments"):
        return
    from shaperotator_magic.rendering.video.segments import Output, write_segments

    def tell(index: int, duration_s: float, size_bytes: int) -> None:
        send(segment={"index": index, "duration_s": duration_s, "size_bytes": size_bytes})

    write_segments(Output(folder, tell))


def hold_still_scene(scene: Any) -> None:
    """Let a scene without animations wait for a moment: manim would write a PNG instead."""
    tear_down = scene.tear_down

    def hold() -> None:
        if scene.renderer.num_plays == 0:
            scene.wait(_HELD_S)
        tear_down()

    scene.tear_down = hold


class _DrawingWatch:
    """Counts frames as they are added, and passes the end of every animation to the poster."""

    def __init__(self, scene: Any, send: Send, skipper: AnimationSkipper | None) -> None:
        renderer = scene.renderer
        self.drawn = 0
        self.poster = PosterPicker()
        self.steps = StepReader(scene)
        self._send = send
        self._next_at = 0.0
        add_frame, play, render = renderer.add_frame, renderer.play, renderer.render
        if skipper is not None:
            skipper.find_wanted = self.steps.find_wanted

        def count(frame: Any, num_frames: int = 1) -> None:
            add_frame(frame, num_frames)
            self._count(num_frames)

        def watch(*animations: Any, **options: Any) -> None:
            before = self.drawn
            play(*animations, **options)
            step = self.steps.read(self.drawn - before)
            if skipper is not None and skipper.segment is not None:
                self.poster.see_cached(skipper.segment)
                return
            drawn = skipper.drawn if skipper is not None else None
            share = self.poster.see(renderer.camera.pixel_array, drawn)
            if skipper is not None:
                skipper.note_drawn(share, step)

        def pass_frame(scene: Any, time_s: float, *moving: Any) -> None:
            render(scene, time_s, *moving)
            self.steps.pass_frame(time_s)

        renderer.add_frame, renderer.play, renderer.render = count, watch, pass_frame

    def take_skipped(self, segments: Sequence[CachedSegment], frames: int) -> None:
        """Count skipped animations, and pass their last frames to the poster."""
        for segment in segments:
            self.poster.see_cached(segment)
        self.steps.take_skipped([segment.step for segment in segments])
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
        replace("frame count", lambda _: lambda *_, **__: None)

    def __exit__(self, *_: object) -> None:
        """Undo nothing: the process ends."""
