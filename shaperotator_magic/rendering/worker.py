"""Rendering in a warm process beside the kernel.

The process imports manim while the model still writes, and forks for every render, so a render
starts at once, cannot harm the kernel, and is killed as a group when the user interrupts.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
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
from shaperotator_magic.records import CheckedScene, Rehearsal, RenderedVideo
from shaperotator_magic.rendering.api_table import TABLE_NAME
from shaperotator_magic.rendering.cache import (
    VideoCache,
    build_key,
    describe_request,
    reads_files,
)
from shaperotator_magic.rendering.confinement.process import Layers
from shaperotator_magic.rendering.finished import FinishedFiles
from shaperotator_magic.rendering.folders import delete_folder
from shaperotator_magic.rendering.formula_store import FormulaDesk, FormulaStore
from shaperotator_magic.rendering.isolation import require_any_isolation
from shaperotator_magic.rendering.jobs import Drawing, build_job, choose_kind, number_job
from shaperotator_magic.rendering.plain_files import copy_plain, read_plain
from shaperotator_magic.rendering.plays import SPOILED
from shaperotator_magic.rendering.renderer import (
    REHEARSAL_NAME,
    ProgressListener,
    RenderRequest,
    SegmentListener,
)
from shaperotator_magic.rendering.running import OutOfStepError, RunningRender
from shaperotator_magic.rendering.scripts import read_script
from shaperotator_magic.rendering.segment_cache import describe_tools
from shaperotator_magic.rendering.variables import encode_variables
from shaperotator_magic.rendering.whole_files import written_whole
from shaperotator_magic.rendering.worker_pipe import Report, WorkerPipe

_LARGEST_REHEARSAL_BYTES = 100_000_000
_CANARY_REQUEST = RenderRequest(
    width_px=2, height_px=2, fps=1, media_dir=Path(), timeout_s=20.0, use_cache=False
)


class Worker:
    """A renderer with a process of its own; several threads may render at once.

    Parameters
    ----------
    is_single_use
        Start a fresh process for every render, where forking a warm one is not safe. The default
        forks on Linux alone: the frameworks of macOS do not survive it, and Windows has no fork.
    layers
        What holds the scenes; fewer than all are for tests and measurements alone.
    keeps_segments
        Keep every animation by the code that leads to it. Not where several users share a media
        folder: one could spoil the pieces of another's scene that begins as theirs does.
    """

    name = "worker"

    def __init__(
        self,
        *,
        is_single_use: bool = sys.platform != "linux",
        layers: Layers | None = None,
        keeps_segments: bool = True,
    ) -> None:
        self._keeps_segments = keeps_segments
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
        facts = describe_request(request, encoded)
        key = build_key(scene.code, facts)
        cache = VideoCache(request.media_dir)
        if request.use_cache and not reads_files(scene.code) and (kept := cache.read(key)):
            return kept
        job = build_job(choose_kind(request), scene, request, encoded)
        script = None
        if request.use_cache and self._keeps_segments:
            script = read_script(scene.code, request, {**facts, **describe_tools()})
            if script is not None and encoded:
                # construct() may have changed them, and they are no part of the scene.
                script = replace(script, boundaries=())
        drawing = Drawing(job, request, cache, key, script)
        try:
            return self._draw_as_kept(drawing, on_progress, on_segment)
        except OutOfStepError:
            # What was shown so far is begun again, so nothing more is said of it.
            with contextlib.suppress(OutOfStepError):
                return self._draw(drawing.without_kept(), on_progress, None)
            raise RenderError(SPOILED) from None

    def _draw_as_kept(
        self,
        drawing: Drawing,
        on_progress: ProgressListener,
        on_segment: SegmentListener | None,
    ) -> RenderedVideo:
        """Draw a scene with what is kept of it, from its beginning where it fails otherwise."""
        try:
            return self._draw(drawing, on_progress, on_segment)
        except (RenderTimeoutError, RenderLimitError):
            raise
        except RenderError:
            if not drawing.begins_in_the_middle:
                raise
        # Taken up, the scene may have failed where it would not have from its beginning.
        return self._draw(drawing.from_the_beginning(), on_progress, None)

    def _draw(
        self,
        drawing: Drawing,
        on_progress: ProgressListener,
        on_segment: SegmentListener | None,
    ) -> RenderedVideo:
        request = drawing.request
        with self._taken_pipe() as pipe, _job_folder(pipe, request) as folder:
            job = drawing.prepare(folder)
            render = RunningRender(request, folder, on_progress, on_segment)
            made = _check_files(_run(pipe, job, folder, request, render))
            return drawing.keep(folder, made, render)

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
            job = build_job("rehearsal", scene, request, encoded)
            _run(pipe, job, folder, request, RunningRender(request, folder))
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
                job = {"job": number_job(), "kind": "api", "timeout_s": request.timeout_s}
                _run(pipe, job, folder, request, RunningRender(request, folder))
                kept.parent.mkdir(parents=True, exist_ok=True)
                with written_whole(kept) as unfinished:
                    shutil.copyfile(folder / TABLE_NAME, unfinished)
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
            job = {"job": number_job(), "kind": "canaries", "target": str(target)}
            timing = {"timeout_s": _CANARY_REQUEST.timeout_s}
            render = RunningRender(_CANARY_REQUEST, folder)
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
    render: RunningRender,
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


def _check_files(result: Report) -> FinishedFiles:
    try:
        return FinishedFiles.model_validate(result)
    except ValidationError as exc:
        raise RenderError(SPOILED) from exc


def _read_rehearsal(path: Path) -> Rehearsal:
    """Read what the child wrote; it ran generated code, so the file may be anything."""
    try:
        content = read_plain(path, largest_bytes=_LARGEST_REHEARSAL_BYTES)
        return Rehearsal.model_validate_json(content)
    except ValidationError as exc:
        raise RenderError(SPOILED) from exc


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
