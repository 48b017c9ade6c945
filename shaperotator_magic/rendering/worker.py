"""Rendering in a warm process beside the kernel.

The process imports manim while the model still writes, and forks for every render, so a render
starts at once, cannot harm the kernel, and is killed as a group when the user interrupts.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shaperotator_magic.errors import (
    ConfigurationError,
    RenderError,
    RenderLimitError,
    RenderTimeoutError,
)
from shaperotator_magic.records import CheckedScene, Rehearsal, RenderedVideo, SegmentReady
from shaperotator_magic.rendering.api_table import TABLE_NAME
from shaperotator_magic.rendering.cache import VideoCache, build_key, reads_files
from shaperotator_magic.rendering.confinement.process import Layers
from shaperotator_magic.rendering.failures import Failure
from shaperotator_magic.rendering.finished import FinishedFiles
from shaperotator_magic.rendering.folders import delete_folder
from shaperotator_magic.rendering.formula_store import FormulaDesk, FormulaStore
from shaperotator_magic.rendering.isolation import require_any_isolation
from shaperotator_magic.rendering.plain_files import copy_plain, read_plain
from shaperotator_magic.rendering.renderer import (
    GROWING_NAME,
    REHEARSAL_NAME,
    ProgressListener,
    RenderRequest,
    SegmentListener,
    Throttle,
)
from shaperotator_magic.rendering.variables import encode_variables
from shaperotator_magic.rendering.worker_pipe import Report, WorkerPipe

_job_numbers = itertools.count(1)
_LARGEST_REHEARSAL_BYTES = 100_000_000
_CANARY_REQUEST = RenderRequest(
    width_px=2, height_px=2, fps=1, media_dir=Path(), timeout_s=20.0, use_cache=False
)
_SPOILED = "The scene spoiled the report of its own render."


class Worker:
    """A renderer with a process of its own; several threads may render at once.

    Parameters
    ----------
    is_single_use
        Start a fresh process for every render, where forking a warm one is not safe. The default
        forks on Linux alone: the frameworks of macOS do not survive it, and Windows has no fork.
    layers
        What holds the scenes; fewer than all are for tests and measurements alone.
    """

    name = "worker"

    def __init__(
        self, *, is_single_use: bool = sys.platform != "linux", layers: Layers | None = None
    ) -> None:
        self._is_single_use = is_single_use
        self._layers = layers or Layers()
        self._pipe: WorkerPipe | None = None
        self._changing = threading.Lock()
        atexit.register(self.close)

    def warm_up(self) -> None:
        """Start the process, if it does not run; returns at once."""
        with self._changing:
            self._find_pipe()

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener | None = None,
    ) -> RenderedVideo:
        """Draw one scene in the warm process; see ``Renderer.render``.

        The time limit begins when the process is ready.
        """
        encoded = encode_variables(variables)
        key = build_key(scene.code, request, encoded)
        cache = VideoCache(request.media_dir)
        if request.use_cache and not reads_files(scene.code) and (kept := cache.read(key)):
            return kept
        with self._taken_pipe() as pipe, _job_folder(pipe, request) as folder:
            job = _build_job(_choose_kind(request), scene, request, encoded)
            render = _RunningRender(request, folder, on_progress, on_segment)
            made = _check_files(_run(pipe, job, folder, request, render))
            return cache.write(key, folder, made, renderer="worker")

    def rehearse(
        self, scene: CheckedScene, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Rehearsal:
        """Run one scene without drawing it, and return what would be seen.

        A scene that fails is no error here: the ``failure`` of what is returned says why.

        Raises
        ------
        RenderError, RenderTimeoutError, KeyboardInterrupt
            The process ended before it could say anything, as ``render`` says.
        """
        encoded = encode_variables(variables)
        with self._taken_pipe() as pipe, _job_folder(pipe, request) as folder:
            job = _build_job("rehearsal", scene, request, encoded)
            _run(pipe, job, folder, request, _RunningRender(request, folder))
            return _read_rehearsal(folder / REHEARSAL_NAME)

    def describe_manim(self, request: RenderRequest) -> dict[str, Any]:
        """Return the table of what the installed manim offers; it is made once for each version.

        Raises
        ------
        RenderError, RenderTimeoutError, KeyboardInterrupt
            As ``render`` does.
        """
        kept = request.media_dir / f"manim-{version('manim')}.json"
        if not kept.exists():
            with self._taken_pipe() as pipe, _job_folder(pipe, request) as folder:
                job = {"job": next(_job_numbers), "kind": "api", "timeout_s": request.timeout_s}
                _run(pipe, job, folder, request, _RunningRender(request, folder))
                kept.parent.mkdir(parents=True, exist_ok=True)
                unfinished = kept.with_suffix(f".{os.getpid()}")
                shutil.copyfile(folder / TABLE_NAME, unfinished)
                unfinished.replace(kept)
        table: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return table

    def run_canaries(self) -> tuple[str, ...]:
        """Try to break out of the process as a scene could, and return what was tried: all in vain.

        Raises
        ------
        ConfigurationError
            An attack succeeded; the message names it.
        RenderError
            The process ended.
        """
        with (
            tempfile.TemporaryDirectory(prefix="shaperotator-canary-") as elsewhere,
            self._taken_pipe() as pipe,
            _job_folder(pipe, _CANARY_REQUEST) as folder,
        ):
            target = Path(elsewhere) / "target"
            target.write_text("another user's", encoding="utf-8")
            job = {"job": next(_job_numbers), "kind": "canaries", "target": str(target)}
            timing = {"timeout_s": _CANARY_REQUEST.timeout_s}
            render = _RunningRender(_CANARY_REQUEST, folder)
            tried = _run(pipe, {**job, **timing}, folder, _CANARY_REQUEST, render)
        if escapes := [name for name, is_held in tried.items() if is_held is not True]:
            raise ConfigurationError(
                f"Isolation does not hold: a scene can {', '.join(escapes)}.",
                hint="'shaperotator doctor' says what this machine lacks.",
                setting="isolation",
            )
        return tuple(tried)

    def close(self) -> None:
        """End the process and whatever it renders."""
        with self._changing:
            pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()

    def _find_pipe(self) -> WorkerPipe:
        if self._pipe is not None and not self._pipe.is_alive:
            self._pipe.close()
            self._pipe = None
        if self._pipe is None:
            require_any_isolation()
            self._pipe = WorkerPipe(is_single_use=self._is_single_use, layers=self._layers)
        return self._pipe

    @contextlib.contextmanager
    def _taken_pipe(self) -> Iterator[WorkerPipe]:
        with self._changing:
            pipe = self._find_pipe()
            if self._is_single_use:
                self._pipe = None
        try:
            yield pipe
        finally:
            if self._is_single_use:
                pipe.close()
                self.warm_up()


def _run(
    pipe: WorkerPipe,
    job: dict[str, Any],
    folder: Path,
    request: RenderRequest,
    render: _RunningRender,
) -> Report:
    pipe.wait_until_ready()
    render.start()
    desk = FormulaDesk(
        FormulaStore(request.media_dir / "formulas"),
        folder,
        pipe.folder / "formulas",
        lambda order: pipe.send({"job": job["job"], **order}),
    )
    try:
        inbox = pipe.submit({**job, "folder": folder.name})
        while not render.has_ended:
            render.check_time()
            report = pipe.receive(inbox)
            if report is not None:
                desk.take(report)
                render.take(report)
    except BaseException:
        # Interrupted, timed out or broken: nothing of this render may go on.
        pipe.cancel(job["job"])
        raise
    finally:
        pipe.forget(job["job"])
    return render.finish()


def _choose_kind(request: RenderRequest) -> str:
    if request.still:
        return "still"
    return "counted video" if request.counts_frames else "video"


def _build_job(
    kind: str,
    scene: CheckedScene,
    request: RenderRequest,
    encoded: Mapping[str, Any],
) -> dict[str, Any]:
    seed = request.seed
    return {
        "job": next(_job_numbers),
        "kind": kind,
        "source": scene.code.source,
        "scene_name": scene.code.scene_name,
        "variables": encoded,
        "width_px": request.width_px,
        "height_px": request.height_px,
        "fps": request.fps,
        "still": request.still,
        "math": request.math,
        "inputs": [path.name for path in request.inputs],
        "timeout_s": request.timeout_s,
        # Drawing and rehearsal meet the same random numbers, also where the user set no seed.
        "seed": secrets.randbelow(2**32) if seed is None else seed,
    }


class _RunningRender:
    """What one render has reported so far."""

    def __init__(
        self,
        request: RenderRequest,
        folder: Path,
        on_progress: ProgressListener | None = None,
        on_segment: SegmentListener | None = None,
    ) -> None:
        self.has_ended = False
        self._timeout_s = request.timeout_s
        self._deadline = 0.0
        self._show_progress = Throttle(on_progress or (lambda done, total: None))
        self._on_segment = on_segment or (lambda segment: None)
        self._growing = folder / GROWING_NAME
        self._frames = 0
        self._total: int | None = None
        self._result: Report | None = None
        self._error: Report | None = None
        self._excess: Report | None = None
        self._status = 0

    def start(self) -> None:
        """Let the time limit begin."""
        self._deadline = time.monotonic() + self._timeout_s

    def check_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise RenderTimeoutError(
                f"The scene was still rendering after {self._timeout_s:g} s and was stopped.",
                hint="Ask for something simpler, or give it more time: --timeout 600",
                timeout_s=self._timeout_s,
                log_tail=self._describe_progress(),
            )

    def take(self, report: Report) -> None:
        self._result = report.get("result", self._result)
        self._error = report.get("error", self._error)
        self._excess = report.get("excess", self._excess)
        self._total = report.get("total", self._total)
        self._frames = max(self._frames, report.get("frames", 0))
        if self._total is not None and self._frames > self._total:
            self._total = None  # the rehearsal went another way
        if "ended" in report:
            self._status, self.has_ended = report["ended"], True
            if self._result and self._frames:
                self._show_progress.at_once(self._frames, self._frames)
        elif "segment" in report:
            self._pass_on(report["segment"])
        elif "frames" in report or "total" in report:
            self._show_progress(self._frames, self._total)

    def _pass_on(self, segment: Report) -> None:
        """Say that the video has grown, where the scene's process says so rightly."""
        try:
            ready = SegmentReady(path=self._growing, **segment)
            is_there = self._growing.lstat().st_size >= ready.size_bytes
        except (ValidationError, TypeError, OSError) as exc:
            raise RenderError(_SPOILED) from exc
        if is_there:
            self._on_segment(ready)

    def finish(self) -> Report:
        if self._excess is not None:
            told = self._describe_progress()
            raise RenderLimitError(**self._excess, returncode=self._status, log_tail=told)
        if self._result is not None:
            return self._result
        if self._error is not None:
            raise _check_failure(self._error).as_error(returncode=self._status)
        raise RenderError(
            f"The render was ended by {_name_end(self._status)} before its picture was finished.",
            hint="It may have asked for too much memory. Ask for something smaller.",
            returncode=self._status,
            log_tail=self._describe_progress(),
        )

    def _describe_progress(self) -> str:
        total = f" of {self._total}" if self._total else ""
        return f"{self._frames}{total} frames were drawn."


def _check_files(result: Report) -> FinishedFiles:
    try:
        return FinishedFiles.model_validate(result)
    except ValidationError as exc:
        raise RenderError(_SPOILED) from exc


def _read_rehearsal(path: Path) -> Rehearsal:
    """Read what the child wrote; it ran generated code, so the file may be anything."""
    try:
        content = read_plain(path, largest_bytes=_LARGEST_REHEARSAL_BYTES)
        return Rehearsal.model_validate_json(content)
    except ValidationError as exc:
        raise RenderError(_SPOILED) from exc


def _check_failure(error: Report) -> Failure:
    try:
        return Failure.model_validate(error)
    except ValidationError as exc:
        raise RenderError(_SPOILED) from exc


@contextlib.contextmanager
def _job_folder(pipe: WorkerPipe, request: RenderRequest) -> Iterator[Path]:
    """Make a new folder for one job, with copies of the files that its scene may read.

    It is gone afterwards however the job ended.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="shaperotator-job-", dir=pipe.folder / "jobs"))
    except OSError as exc:  # the process has ended this moment, or the disk is full
        raise RenderError(
            f"The render has no folder to work in: {exc.strerror}.", hint="Run it again."
        ) from exc
    try:
        for path in request.inputs:
            copy_plain(path, folder / path.name)
        yield folder
    finally:
        delete_folder(folder)


def _name_end(status: int) -> str:
    if status < 0:
        return signal.Signals(-status).name
    return f"the scene itself (status {status})"
