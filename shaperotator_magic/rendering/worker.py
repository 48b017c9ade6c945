"""Rendering in a warm process beside the kernel.

The process imports manim while the model still writes, and forks for every render, so a render
starts at once, cannot harm the kernel, and is killed as a group when the user interrupts.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import platformdirs

from shaperotator_magic.errors import RenderError, RenderTimeoutError
from shaperotator_magic.records import CheckedScene, RenderedVideo
from shaperotator_magic.rendering.cache import VideoCache, build_key
from shaperotator_magic.rendering.renderer import ProgressListener, RenderRequest
from shaperotator_magic.rendering.variables import encode_variables

# What a scene may see of the environment: no key and no token is among it.
_KEPT_VARIABLES = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT",
    "USERPROFILE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE",
    "XDG_DATA_HOME", "TEXMFHOME", "TEXINPUTS", "VIRTUAL_ENV", "CONDA_PREFIX",
)  # fmt: skip
_START_TIMEOUT_S = 120.0
_TICK_S = 0.05
_REPORTS_PER_S = 10


class Worker:
    """A renderer with a process of its own; one render at a time, the next one waits."""

    name = "worker"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._reports: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._is_ready = False
        self._turn = threading.Lock()
        self._last_job = 0
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        atexit.register(self.close)

    def warm_up(self) -> None:
        """Start the process, if it does not run; returns at once."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._is_ready = False
        self._reports = queue.Queue()
        environ = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        environ["SHAPEROTATOR_FORMULAS"] = str(
            platformdirs.user_cache_path("shaperotator") / "formulas"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shaperotator_magic.rendering.worker_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environ,
            cwd=tempfile.gettempdir(),
            start_new_session=True,
        )
        threading.Thread(
            target=_read_reports, args=(self._process, self._reports), daemon=True
        ).start()

    def render(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        *,
        variables: Mapping[str, Any],
        on_progress: ProgressListener,
    ) -> RenderedVideo:
        """Draw one scene in the warm process; see ``Renderer.render``."""
        encoded = encode_variables(variables)
        key = build_key(scene.code, request, encoded)
        cache = VideoCache(request.media_dir)
        if request.use_cache and (kept := cache.read(key)):
            return kept
        with self._turn, _job_folder() as folder:
            job = self._build_job(scene, request, encoded, folder)
            made = self._run(job, request, on_progress)
            return cache.write(key, folder, made, renderer="worker")

    def close(self) -> None:
        """End the process and whatever it renders."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            _kill_group(process.pid)
            process.wait()
        if process is not None and process.stdin:
            process.stdin.close()

    def _build_job(
        self,
        scene: CheckedScene,
        request: RenderRequest,
        encoded: Mapping[str, Any],
        folder: Path,
    ) -> dict[str, Any]:
        self._last_job += 1
        return {
            "job": self._last_job,
            "folder": str(folder),
            "source": scene.code.source,
            "scene_name": scene.code.scene_name,
            "variables": encoded,
            "width_px": request.width_px,
            "height_px": request.height_px,
            "fps": request.fps,
            "still": request.still,
            "seed": request.seed,
        }

    def _run(
        self, job: dict[str, Any], request: RenderRequest, on_progress: ProgressListener
    ) -> dict[str, Any]:
        self.warm_up()
        self._wait_until_ready()
        render = _RunningRender(job, request, on_progress)
        try:
            self._send(job)
            while not render.has_ended:
                report = self._next_report(render)
                if report is not None:
                    render.take(report)
        except BaseException:
            # Interrupted, timed out or broken: nothing of this render may go on.
            self._stop(render)
            raise
        return render.finish()

    def _send(self, job: dict[str, Any]) -> None:
        assert self._process is not None and self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(json.dumps(job).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            self._check_report(None)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._is_ready:
            report = self._get(deadline)
            self._is_ready = bool(report.get("ready"))

    def _next_report(self, render: _RunningRender) -> dict[str, Any] | None:
        render.check_time()
        try:
            report = self._reports.get(timeout=_TICK_S)
        except queue.Empty:
            return None
        return self._check_report(report)

    def _get(self, deadline: float) -> dict[str, Any]:
        while True:
            try:
                return self._check_report(self._reports.get(timeout=_TICK_S))
            except queue.Empty:
                if time.monotonic() > deadline:
                    raise RenderError(
                        "The render process did not start.",
                        hint="'%shaperotate doctor' looks at this machine.",
                        log_tail=self._read_log(),
                    ) from None

    def _check_report(self, report: dict[str, Any] | None) -> dict[str, Any]:
        if report is None:
            self.close()
            raise RenderError(
                "The render process ended unexpectedly.",
                hint="Run the cell again; it starts a new one.",
                log_tail=self._read_log(),
            )
        return report

    def _read_log(self) -> str:
        end = self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, end - 4000))
        return self._log.read().decode(errors="replace")

    def _stop(self, render: _RunningRender) -> None:
        if render.group is None or not self._is_ready:
            self.close()
            return
        _kill_group(render.group)
        deadline = time.monotonic() + 2
        while not render.has_ended and time.monotonic() < deadline:
            try:
                report = self._reports.get(timeout=_TICK_S)
            except queue.Empty:
                continue
            if report is None:
                break
            render.take(report)
        if not render.has_ended:
            self.close()


class _RunningRender:
    """What one render has reported so far."""

    def __init__(
        self, job: dict[str, Any], request: RenderRequest, on_progress: ProgressListener
    ) -> None:
        self.group: int | None = None
        self.has_ended = False
        self._number = job["job"]
        self._folder = Path(job["folder"])
        self._request = request
        self._on_progress = on_progress
        self._deadline = time.monotonic() + request.timeout_s
        self._frames, self._total = 0, None
        self._next_progress = 0.0
        self._result: dict[str, Any] | None = None
        self._error: dict[str, Any] | None = None
        self._status = 0

    def check_time(self) -> None:
        if time.monotonic() > self._deadline:
            limit = self._request.timeout_s
            raise RenderTimeoutError(
                f"The scene was still rendering after {limit:g} s and was stopped.",
                hint="Ask for something simpler, or give it more time: --timeout 600",
                timeout_s=limit,
                log_tail=self._describe_progress(),
            )

    def take(self, report: dict[str, Any]) -> None:
        if report.get("job") != self._number:
            return  # of an earlier render that was stopped
        self.group = report.get("group", self.group)
        self._result = report.get("result", self._result)
        self._error = report.get("error", self._error)
        self._total = report.get("total", self._total)
        if "frames" in report:
            self._frames = report["frames"]
        if "ended" in report:
            self._status, self.has_ended = report["ended"], True
        elif "frames" in report or "total" in report:
            self._show_progress()

    def _show_progress(self) -> None:
        now = time.monotonic()
        if now >= self._next_progress:
            self._next_progress = now + 1 / _REPORTS_PER_S
            self._on_progress(self._frames, self._total)

    def finish(self) -> dict[str, Any]:
        if self._result is not None:
            return self._result
        if self._error is not None:
            raise RenderError(
                self._error["message"],
                hint=self._error["hint"],
                returncode=self._status,
                line=self._error["line"],
                log_tail=self._error["log_tail"],
            )
        raise RenderError(
            f"The render process was ended by {_name_signal(self._status)}.",
            hint="It may have asked for too much memory. Ask for something smaller.",
            returncode=self._status,
            log_tail=self._describe_progress(),
        )

    def _describe_progress(self) -> str:
        total = f" of {self._total}" if self._total else ""
        return f"{self._frames}{total} frames were drawn."


class _job_folder:  # noqa: N801 - used like a function, as context managers are
    """A new folder for one render, gone afterwards however the render ended."""

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="shaperotator-"))
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _read_reports(
    process: subprocess.Popen[bytes], reports: queue.Queue[dict[str, Any] | None]
) -> None:
    for report in _parse_lines(process):
        reports.put(report)
    reports.put(None)
    process.wait()


def _parse_lines(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    with process.stdout as lines:
        for line in lines:
            yield json.loads(line)


def _kill_group(group: int) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(group, signal.SIGKILL)
        else:
            os.kill(group, signal.SIGTERM)
    except ProcessLookupError:
        pass


def _name_signal(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"status {status}"
