"""The worker renderer: it renders in forks of a supervisor beside the caller.

The supervisor imports manim while the model still writes, and forks for every render. So a render
starts at once, cannot harm the kernel, and is killed as a group when the user interrupts.

Runs in the caller's process: a kernel, a command or the service's runner.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
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

from shaperotator_magic.core.atomic_files import replacing
from shaperotator_magic.core.errors import (
    ConfigurationError,
    RenderError,
    RenderLimitError,
    RenderTimeoutError,
)
from shaperotator_magic.core.records import CheckedScene, Rehearsal, RenderedVideo, SceneCode
from shaperotator_magic.rendering.caching.video_cache import (
    VideoCache,
    build_key,
    describe_request,
    reads_files,
)
from shaperotator_magic.rendering.checkpoints.dependencies import Script, read_script
from shaperotator_magic.rendering.checkpoints.segment_cache import describe_tools
from shaperotator_magic.rendering.defining.definitions import (
    LARGEST_DEFINITIONS_BYTES,
    Definitions,
    build_definition_error,
)
from shaperotator_magic.rendering.defining.proving import DEFINITIONS_NAME
from shaperotator_magic.rendering.exchange.finished import TABLE_NAME
from shaperotator_magic.rendering.exchange.plays import SPOILED
from shaperotator_magic.rendering.exchange.regular_files import read_regular
from shaperotator_magic.rendering.exchange.variables import encode_variables
from shaperotator_magic.rendering.isolation.confining import Layers
from shaperotator_magic.rendering.isolation.isolation import require_any_isolation
from shaperotator_magic.rendering.renderer import (
    REHEARSAL_NAME,
    GrowingCode,
    GrowthEndedError,
    ProgressListener,
    RenderRequest,
    SegmentListener,
)
from shaperotator_magic.rendering.worker.growing import Growth
from shaperotator_magic.rendering.worker.jobs import Drawing, build_job, choose_kind, number_job
from shaperotator_magic.rendering.worker.pipe import WorkerPipe
from shaperotator_magic.rendering.worker.reports import DivergedError, RunningRender
from shaperotator_magic.rendering.worker.running import (
    check_files,
    job_folder,
    read_rehearsal,
    run_job,
)
from shaperotator_magic.rendering.worker.stills import StillProcess

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
        script = self._read_script(scene.code, request, facts, has_variables=bool(encoded))
        drawing = Drawing(job, request, cache, key, script)
        try:
            return self._draw_with_cache(drawing, on_progress, on_segment)
        except DivergedError:
            # The video is drawn again from its beginning, so its growth is reported no more.
            with contextlib.suppress(DivergedError):
                return self._draw(drawing.without_cache(), on_progress, None)
            raise RenderError(SPOILED) from None

    def _read_script(
        self,
        code: SceneCode,
        request: RenderRequest,
        facts: Mapping[str, Any],
        *,
        has_variables: bool,
    ) -> Script | None:
        """Return the script of a scene, None where its animations are not cached."""
        if not (request.use_cache and self._caches_segments):
            return None
        script = read_script(code, request, {**facts, **describe_tools()})
        if script is not None and has_variables:
            # construct() may have changed them, and they are no part of the scene.
            return replace(script, boundaries=())
        return script

    def can_grow(self) -> bool:
        """Whether a scene can be drawn while it is written: not by a process of a single use."""
        return not self._is_single_use

    def render_growing(
        self,
        code: GrowingCode,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
        on_segment: SegmentListener,
    ) -> RenderedVideo:
        """Draw a scene while it is written; see ``LiveRenderer``."""
        encoded = encode_variables(variables)
        facts = describe_request(request, encoded)
        read = functools.partial(
            self._read_script, request=request, facts=facts, has_variables=bool(encoded)
        )
        growth = code.call(lambda: Growth(code, request, read))
        job = build_job("video", growth.scene, request, encoded)
        cache = VideoCache(request.media_dir)
        drawing = Drawing(job, request, cache, "", growth.script)
        with self._taken_pipe(request) as pipe, job_folder(pipe, request) as folder:
            order = {**drawing.prepare(folder), "grows": growth.describe()}
            render = RunningRender(request, folder, on_progress, on_segment)
            growth.offer = functools.partial(drawing.offer_more, folder)
            try:
                made = check_files(run_job(pipe, order, folder, request, render, growth=growth))
            except DivergedError as exc:
                raise GrowthEndedError from exc
            except BaseException:
                drawing.grow("", growth.script).keep_segments(folder, render)
                raise
            key = build_key(growth.scene.code, facts)
            return drawing.grow(key, growth.script).keep(folder, made, render)

    def rehearse_growing(
        self, code: GrowingCode, request: RenderRequest, *, variables: Mapping[str, Any]
    ) -> Rehearsal:
        """Rehearse a scene while it is written; see ``LiveRenderer``."""
        encoded = encode_variables(variables)
        growth = code.call(lambda: Growth(code, request, lambda code: None))
        job = build_job("rehearsal", growth.scene, request, encoded)
        with self._taken_pipe(request) as pipe, job_folder(pipe, request) as folder:
            render = RunningRender(request, folder)
            run_job(
                pipe, {**job, "grows": growth.describe()}, folder, request, render, growth=growth
            )
            return read_rehearsal(folder / REHEARSAL_NAME)

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
        with self._taken_pipe(request) as pipe, job_folder(pipe, request) as folder:
            job = drawing.prepare(folder)
            render = RunningRender(request, folder, on_progress, on_segment)
            made = check_files(run_job(pipe, job, folder, request, render))
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
        with self._taken_pipe(request) as pipe, job_folder(pipe, request) as folder:
            job = build_job("rehearsal", scene, request, encoded)
            run_job(pipe, job, folder, request, RunningRender(request, folder))
            return read_rehearsal(folder / REHEARSAL_NAME)

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
        with self._taken_pipe(request) as pipe, job_folder(pipe, request) as folder:
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
        with self._taken_pipe(_NO_PICTURE) as pipe, job_folder(pipe, _NO_PICTURE) as folder:
            job = build_job("definitions", scene, _NO_PICTURE, encoded)
            render = RunningRender(_NO_PICTURE, folder)
            try:
                run_job(pipe, {**job, "config": dict(config)}, folder, _NO_PICTURE, render)
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
            with self._taken_pipe(request) as pipe, job_folder(pipe, request) as folder:
                job = {"job": number_job(), "kind": "api", "timeout_s": request.timeout_s}
                run_job(pipe, job, folder, request, RunningRender(request, folder))
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
            job_folder(pipe, _NO_PICTURE) as folder,
        ):
            target = Path(elsewhere) / "target"
            target.write_text("another user's", encoding="utf-8")
            job = {"job": number_job(), "kind": "canaries", "target": str(target)}
            timing = {"timeout_s": _NO_PICTURE.timeout_s}
            render = RunningRender(_NO_PICTURE, folder)
            tried = run_job(pipe, {**job, **timing}, folder, _NO_PICTURE, render)
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
