"""The worker renderer: it renders in forks of a supervisor beside the caller.

The supervisor imports manim while the model still writes, and forks for every render. So a render
starts at once, cannot harm the kernel, and is killed as a group when the user interrupts.

Runs in the caller's process: a kernel, a command or the service's runner.
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

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import (
    ConfigurationError,
    RenderError,
    RenderLimitError,
    RenderTimeoutError,
)
from shaperotator_magic.core.records import CheckedScene, Rehearsal, RenderedVideo
from shaperotator_magic.rendering.caching.video_cache import (
    VideoCache,
    build_key,
    describe_request,
    reads_files,
)
from shaperotator_magic.rendering.checkpoints.dependencies import read_script
from shaperotator_magic.rendering.checkpoints.segment_cache import describe_tools
from shaperotator_magic.rendering.defining.definitions import (
    LARGEST_DEFINITIONS_BYTES,
    Definitions,
    build_definition_error,
)
from shaperotator_magic.rendering.defining.proving import DEFINITIONS_NAME
from shaperotator_magic.rendering.exchange.finished import TABLE_NAME, FinishedFiles
from shaperotator_magic.rendering.exchange.folders import delete_folder
from shaperotator_magic.rendering.exchange.plays import SPOILED
from shaperotator_magic.rendering.exchange.regular_files import copy_regular, read_regular
from shaperotator_magic.rendering.exchange.variables import encode_variables
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.isolation.isolation import require_any_isolation
from shaperotator_magic.rendering.mathtext.formula_cache import FormulaDesk, FormulaStore
from shaperotator_magic.rendering.renderer import (
    REHEARSAL_NAME,
    ProgressListener,
    RenderRequest,
    SegmentListener,
)
from shaperotator_magic.rendering.worker.jobs import Drawing, build_job, choose_kind, number_job
from shaperotator_magic.rendering.worker.pipe import Report, WorkerPipe
from shaperotator_magic.rendering.worker.reports import DivergedError, RunningRender
from shaperotator_magic.rendering.worker.stills import StillProcess

_LARGEST_REHEARSAL_BYTES = 100_000_000
_NO_PICTURE = RenderRequest(
    width_px=2, height_px=2, fps=1, media_dir=Path(), timeout_s=20.0, use_cache=False
)


class Worker:
    """A renderer with a supervisor of its own; several threads may render at once.

    Parameters
    ----------
    is_single_use
        Start a fresh process for every render, where forking a warm one is not safe. The default
        forks on Linux alone: the frameworks of macOS do not survive it, and Windows has no fork.
    layers
        What holds the scenes; fewer than all are for tests and measurements alone.
    caches_segments
        Cache every animation by the code that leads to it. Off where several users share a media
        folder: one could damage the segments of another's scene that begins with the same
        statements.
    pipe
        A supervisor that runs already; it is the worker's from now on.
    """

    name = "worker"

    def __init__(
        self,
        *,
        is_single_use: bool = sys.platform != "linux",
        layers: Layers | None = None,
        caches_segments: bool = True,
        pipe: WorkerPipe | None = None,
    ) -> None:
        self._caches_segments = caches_segments
        self._is_single_use = is_single_use
        self._layers = layers or Layers()
        self._pipe = pipe
        self._changing = threading.Lock()
        atexit.register(self.close)

    def warm_up(self) -> None:
        """Start the process, if it does not run; returns at once."""
        with self._changing:
            self._find_pipe(_NO_PICTURE)

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener | None = None,
    ) -> RenderedVideo:
        """Draw one scene in the supervisor; see ``Renderer.render``.

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
        if request.use_cache and self._caches_segments:
            script = read_script(scene.code, request, {**facts, **describe_tools()})
            if script is not None and encoded:
                # construct() may have changed them, and they are no part of the scene.
                script = replace(script, boundaries=())
        drawing = Drawing(job, request, cache, key, script)
        try:
            return self._draw_with_cache(drawing, on_progress, on_segment)
        except DivergedError:
            # The video is drawn again from its beginning, so its growth is reported no more.
            with contextlib.suppress(DivergedError):
                return self._draw(drawing.without_cache(), on_progress, None)
            raise RenderError(SPOILED) from None

    def _draw_with_cache(
        self,
        drawing: Drawing,
        on_progress: ProgressListener,
        on_segment: SegmentListener | None,
    ) -> RenderedVideo:
        """Draw a scene with its cache; without its checkpoint where that fails."""
        try:
            return self._draw(drawing, on_progress, on_segment)
        except (RenderTimeoutError, RenderLimitError):
            raise
        except RenderError:
            if not drawing.starts_at_checkpoint:
                raise
        # Restored, the scene may have failed where it would not have from its beginning.
        return self._draw(drawing.without_checkpoint(), on_progress, None)

    def _draw(
        self,
        drawing: Drawing,
        on_progress: ProgressListener,
        on_segment: SegmentListener | None,
    ) -> RenderedVideo:
        request = drawing.request
        with self._taken_pipe(request) as pipe, _job_folder(pipe, request) as folder:
            job = drawing.prepare(folder)
            render = RunningRender(request, folder, on_progress, on_segment)
            made = _check_files(_run(pipe, job, folder, request, render))
            return drawing.keep(folder, made, render)

    def rehearse(
        self, scene: CheckedScene, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Rehearsal:
        """Run one scene without drawing it, and return what would be seen.

        A scene that fails is no error here: the ``failure`` of the result describes it.

        Raises
        ------
        RenderError, RenderTimeoutError, KeyboardInterrupt
            The process ended before it could report anything, as in ``render``.
        """
        encoded = encode_variables(variables)
        with self._taken_pipe(request) as pipe, _job_folder(pipe, request) as folder:
            job = build_job("rehearsal", scene, request, encoded)
            _run(pipe, job, folder, request, RunningRender(request, folder))
            return _read_rehearsal(folder / REHEARSAL_NAME)

    @contextlib.contextmanager
    def drawing_stills(
        self, scene: CheckedScene, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Iterator[StillProcess]:
        """Start a process that draws stills of a scene, until the context ends.

        Raises
        ------
        RenderError, RenderTimeoutError, KeyboardInterrupt
            As ``render`` does, where it does not start.
        """
        job = build_job("stills", scene, request, encode_variables(variables))
        with self._taken_pipe(request) as pipe, _job_folder(pipe, request) as folder:
            process = StillProcess(pipe, job, folder, request)
            try:
                process.start()
                yield process
            finally:
                process.end()

    def define(
        self, scene: CheckedScene, *, variables: Mapping[str, Any], config: Mapping[str, Any]
    ) -> Definitions:
        """Prove that a scene's definitions run nothing, and compute its constants.

        Parameters
        ----------
        variables
            Kernel variables that the scene may use, by name.
        config
            Settings of manim in the caller's process, such as ``frame_width``.

        Raises
        ------
        SceneCodeError
            A definition would run something, cannot be handed over, or raised; with its line.
        RenderError, RenderTimeoutError, KeyboardInterrupt
            As ``rehearse`` does.
        """
        encoded = encode_variables(variables)
        with self._taken_pipe(_NO_PICTURE) as pipe, _job_folder(pipe, _NO_PICTURE) as folder:
            job = build_job("definitions", scene, _NO_PICTURE, encoded)
            render = RunningRender(_NO_PICTURE, folder)
            try:
                _run(pipe, {**job, "config": dict(config)}, folder, _NO_PICTURE, render)
            except RenderError as exc:
                if type(exc) is not RenderError:  # a limit, the time, or the process itself
                    raise
                raise build_definition_error(exc.message, exc.line, scene.code.source) from exc
            path = folder / DEFINITIONS_NAME
            content = read_regular(path, largest_bytes=LARGEST_DEFINITIONS_BYTES)
            return Definitions.read(scene, content)

    def describe_manim(self, request: RenderRequest) -> dict[str, Any]:
        """Return the API table of the installed manim; it is built once for each version.

        Raises
        ------
        RenderError, RenderTimeoutError, KeyboardInterrupt
            As ``render`` does.
        """
        kept = request.media_dir / f"manim-{version('manim')}.json"
        if not kept.exists():
            with self._taken_pipe(request) as pipe, _job_folder(pipe, request) as folder:
                job = {"job": number_job(), "kind": "api", "timeout_s": request.timeout_s}
                _run(pipe, job, folder, request, RunningRender(request, folder))
                kept.parent.mkdir(parents=True, exist_ok=True)
                with replacing(kept) as unfinished:
                    shutil.copyfile(folder / TABLE_NAME, unfinished)
        table: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return table

    def run_canaries(self) -> tuple[str, ...]:
        """Run the canaries in a scene's process, and return their names; all must fail.

        Raises
        ------
        ConfigurationError
            An attack succeeded; the message names it.
        RenderError
            The process ended.
        """
        with (
            tempfile.TemporaryDirectory(prefix="shaperotator-canary-") as elsewhere,
            self._taken_pipe(_NO_PICTURE) as pipe,
            _job_folder(pipe, _NO_PICTURE) as folder,
        ):
            target = Path(elsewhere) / "target"
            target.write_text("another user's", encoding="utf-8")
            job = {"job": number_job(), "kind": "canaries", "target": str(target)}
            timing = {"timeout_s": _NO_PICTURE.timeout_s}
            render = RunningRender(_NO_PICTURE, folder)
            tried = _run(pipe, {**job, **timing}, folder, _NO_PICTURE, render)
        if escapes := [name for name, is_held in tried.items() if is_held is not True]:
            raise ConfigurationError(
                f"Isolation does not hold: a scene can {', '.join(escapes)}.",
                hint="'shaperotator doctor' says what this machine lacks.",
                setting="isolation",
            )
        return tuple(tried)

    def close(self) -> None:
        """End the supervisor and its renders."""
        with self._changing:
            pipe, self._pipe = self._pipe, None
        if pipe is not None:
            pipe.close()

    def _find_pipe(self, request: RenderRequest) -> WorkerPipe:
        """Return the running supervisor; its fonts are chosen when it starts."""
        if self._pipe is not None and not self._pipe.serves(request):
            self._pipe.close()
            self._pipe = None
        if self._pipe is None:
            require_any_isolation()
            self._pipe = WorkerPipe(
                is_single_use=self._is_single_use, layers=self._layers, fonts=request.fonts
            )
        return self._pipe

    @contextlib.contextmanager
    def _taken_pipe(self, request: RenderRequest) -> Iterator[WorkerPipe]:
        with self._changing:
            pipe = self._find_pipe(request)
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
        content = read_regular(path, largest_bytes=_LARGEST_REHEARSAL_BYTES)
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
        for given in request.input_files:
            copy_regular(given.path, folder / given.name)
        yield folder
    finally:
        delete_folder(folder)
