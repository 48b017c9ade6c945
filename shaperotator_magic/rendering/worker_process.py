"""The warm render process: it imports manim once, then forks a child for every render.

Run as ``python -m shaperotator_magic.rendering.worker_process``. It reads jobs as JSON lines from
stdin and writes reports as JSON lines to its first stdout; nothing else writes there, for the
descriptor is put aside and 1 points to stderr before manim is imported.

    in   {"job": 3, "folder": "…", "source": "…", "scene_name": "…", "width_px": 854, …}
    out  {"ready": true}
         {"job": 3, "group": 4711}                       the processes of this render
         {"job": 3, "frames": 17}, {"job": 3, "total": 210, "plays": 12}
         {"job": 3, "result": {"file": "result.mp4", "poster": "poster.png", …}}
         {"job": 3, "error": {"message": "…", "hint": "…", "line": 7, "log_tail": "…"}}
         {"job": 3, "ended": 0}                          exit status, negative for a signal

A scene cannot reach the next one: its processes die with it. Where the system has no fork, this
process renders one scene itself and ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shaperotator_magic.rendering.scene_run import Job, import_manim, rehearse, render_scene

_PR_SET_PDEATHSIG = 1
_TICK_MS = 10


@dataclass(frozen=True)
class Reporter:
    """Writes whole lines; a line is one write, for a child and its rehearsal share the pipe."""

    descriptor: int
    job: int

    def send(self, **report: Any) -> None:
        """Send one report of this job."""
        line = json.dumps({"job": self.job, **report}).encode() + b"\n"
        while line:
            line = line[os.write(self.descriptor, line) :]


def main() -> int:
    """Serve jobs until the parent closes the pipe or dies, which closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Jupyter's interrupt is not meant for us
    reports = os.dup(1)
    os.dup2(2, 1)
    import_manim()
    os.write(reports, b'{"ready": true}\n')
    for line in sys.stdin:
        job = json.loads(line)
        reporter = Reporter(reports, job["job"])
        if not hasattr(os, "fork"):
            reporter.send(ended=render_scene(job, reporter.send))
            return 0
        _render_in_children(job, reporter)
    return 0


def _render_in_children(job: Job, reporter: Reporter) -> None:
    group = _fork(render_scene, job, reporter, 0)
    reporter.send(group=group)
    if not job["still"]:
        _fork(rehearse, job, reporter, group)
    status = _wait_for(group, job)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    _reap_all()
    reporter.send(ended=os.waitstatus_to_exitcode(status))


def _wait_for(child: int, job: Job) -> int:
    """Return the child's wait status; end everything where the parent's end of the pipe closes."""
    watch = select.poll()
    watch.register(0, select.POLLHUP)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        # Of a kernel that was killed nobody reads the result, and nobody else tidies up.
        if any(event & select.POLLHUP for _, event in watch.poll(_TICK_MS)):
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            shutil.rmtree(job["folder"], ignore_errors=True)
            sys.exit(1)


def _fork(work: Callable[..., int], job: Job, reporter: Reporter, group: int) -> int:
    child = os.fork()
    if child:
        _join_group(child, group)
        return child
    status = 1
    try:
        _join_group(0, group)
        _die_with_parent()
        status = work(job, reporter.send)
    finally:
        # Not sys.exit: the handlers and buffers of the warm process are not the child's.
        os._exit(status)


def _join_group(process: int, group: int) -> None:
    # Both sides do it, so that it is done whoever comes first; the second may be too late.
    with contextlib.suppress(OSError):
        os.setpgid(process, group)


def _reap_all() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
